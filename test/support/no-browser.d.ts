// Stands for the types of Vitest's browser mode, see the paths of tsconfig.json: they need those of the DOM, which no code
// here may lean on.
export {};
