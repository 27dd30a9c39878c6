// Which public functions and methods throw an error and do not say so with `@throws`. Follows the calls that a function passes
// something of its own arguments to, within src/; what stands in a `try` with a `catch` is taken for handled, what a nested
// function throws is not looked at.

import { dirname } from 'node:path';
import ts from 'typescript';

/** Those that throw nothing, though what they call could: it does so for options only, and they pass none. */
const NEVER = ['validateBind'];

/**
 * @param {string} tsconfig
 * @param {readonly string[]} entries paths of the entry points
 * @returns {string[]} one line for each that does not say what it throws
 */
export function undocumentedThrows(tsconfig, entries) {
  const { config } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(tsconfig));
  const program = ts.createProgram(fileNames, options);
  const checker = program.getTypeChecker();
  const known = new Map();

  /** The names of the classes that a function throws. */
  function thrownBy(declaration) {
    const before = known.get(declaration);
    if (before !== undefined) return before;
    const thrown = new Set();
    known.set(declaration, thrown);
    const names = new Set(declaration.parameters.flatMap(({ name }) => namesOf(name)));
    if (declaration.body !== undefined) visit(declaration.body, thrown, names);
    return thrown;
  }

  function visit(node, thrown, names) {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isThrowStatement(node) && ts.isNewExpression(node.expression))
      thrown.add(node.expression.expression.getText());
    if (ts.isTryStatement(node) && node.catchClause !== undefined) {
      visit(node.catchClause.block, thrown, names);
      if (node.finallyBlock !== undefined) visit(node.finallyBlock, thrown, names);
      return;
    }
    if (ts.isCallExpression(node) && node.arguments.some((argument) => mentions(argument, names))) {
      const callee = implementationOf(checker.getResolvedSignature(node)?.declaration);
      if (callee !== undefined && !callee.getSourceFile().isDeclarationFile) {
        for (const name of thrownBy(callee)) thrown.add(name);
      }
    }
    ts.forEachChild(node, (child) => visit(child, thrown, names));
  }

  /** Of an overload, what runs. */
  function implementationOf(declaration) {
    if (declaration === undefined || declaration.body !== undefined || declaration.name === undefined)
      return declaration;
    const symbol = checker.getSymbolAtLocation(declaration.name);
    return symbol?.declarations?.find((each) => ts.isFunctionLike(each) && each.body !== undefined) ?? declaration;
  }

  const complaints = new Set();

  function judge(name, declarations) {
    const thrown = new Set(declarations.flatMap((each) => [...thrownBy(each)]));
    if (thrown.size === 0 || NEVER.includes(name)) return;
    const said = declarations.some((each) => ts.getJSDocTags(each).some((tag) => tag.tagName.text === 'throws'));
    if (!said) complaints.add(`${name} throws ${[...thrown].sort().join(', ')} and has no @throws`);
  }

  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const declarations = symbol.declarations ?? [];
      judge(exported.name, declarations.filter(ts.isFunctionDeclaration));
      for (const declared of declarations.filter(ts.isClassDeclaration)) {
        const members = new Map();
        for (const member of declared.members) {
          const flags = ts.getCombinedModifierFlags(member);
          const internal = ts.getJSDocTags(member).some((tag) => ['internal', 'private'].includes(tag.tagName.text));
          if (flags & ts.ModifierFlags.Private || internal || !ts.isFunctionLike(member)) continue;
          if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) continue;
          const name = ts.isConstructorDeclaration(member) ? 'new' : member.name.getText();
          members.set(name, [...(members.get(name) ?? []), member]);
        }
        for (const [name, each] of members) judge(`${exported.name}.${name}`, each);
      }
    }
  }
  return [...complaints].sort();
}

/** The names that a parameter gives, those of a pattern among them. */
function namesOf(name) {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));
}

function mentions(node, names) {
  if (ts.isIdentifier(node) && names.has(node.text)) return true;
  return ts.forEachChild(node, (child) => mentions(child, names) || undefined) ?? false;
}
