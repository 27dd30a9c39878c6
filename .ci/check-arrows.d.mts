/** One line for each import under `src` that breaks a rule. */
export declare function checkArrows(src: string): string[];
