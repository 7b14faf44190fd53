import type * as TypeScript from "@tslab/typescript-for-tslab";

/** The declarations before and after a cell, as the text of a `.d.ts`, and the names whose declaration did not run. */
export interface CellDeclarations {
  readonly before: string;
  readonly after: string;
  readonly missing: ReadonlySet<string>;
}

/**
 * The declarations that hold after a cell that may have failed: those of variables that it did not come to are left out,
 * and what an earlier cell declared by their names holds on. Its types are kept: they need not run.
 */
export function keepDeclarations(typescript: typeof TypeScript, declarations: CellDeclarations): string {
  const { before, after, missing } = declarations;
  if (missing.size === 0) return after;
  const filter = new DeclarationFilter(typescript);
  return (
    filter.print(after, (name, isType) => isType || !missing.has(name)) +
    filter.print(before, (name, isType) => !isType && missing.has(name))
  );
}

type Keep = (name: string, isType: boolean) => boolean;

class DeclarationFilter {
  readonly #typescript: typeof TypeScript;

  constructor(typescript: typeof TypeScript) {
    this.#typescript = typescript;
  }

  /** The declarations of a text that are to be kept. */
  print(text: string, keep: Keep): string {
    const typescript = this.#typescript;
    const file = typescript.createSourceFile("cell.d.ts", text, typescript.ScriptTarget.Latest);
    const statements = file.statements.flatMap((statement) => this.#statement(statement, keep) ?? []);
    const printer = typescript.createPrinter({ newLine: typescript.NewLineKind.LineFeed });
    return printer.printFile(typescript.factory.updateSourceFile(file, statements));
  }

  #statement(statement: TypeScript.Statement, keep: Keep): TypeScript.Statement | undefined {
    const typescript = this.#typescript;
    if (typescript.isVariableStatement(statement)) return this.#variables(statement, keep);
    if (typescript.isImportDeclaration(statement)) return this.#import(statement, keep);
    const isType =
      typescript.isInterfaceDeclaration(statement) || typescript.isTypeAliasDeclaration(statement);
    const { name } = statement as { name?: TypeScript.Node };
    const isNamed = name && typescript.isIdentifier(name);
    return !isNamed || keep(name.text, isType) ? statement : undefined;
  }

  #variables(statement: TypeScript.VariableStatement, keep: Keep): TypeScript.Statement | undefined {
    const typescript = this.#typescript;
    const { factory } = typescript;
    const kept = statement.declarationList.declarations.filter(
      ({ name }) => !typescript.isIdentifier(name) || keep(name.text, false),
    );
    if (kept.length === 0) return undefined;
    const list = factory.updateVariableDeclarationList(statement.declarationList, kept);
    return factory.updateVariableStatement(statement, statement.modifiers, list);
  }

  #import(statement: TypeScript.ImportDeclaration, keep: Keep): TypeScript.Statement | undefined {
    const { factory } = this.#typescript;
    const { modifiers, importClause, moduleSpecifier, assertClause } = statement;
    if (!importClause) return statement;
    const isType = importClause.isTypeOnly;
    const name = importClause.name && keep(importClause.name.text, isType) ? importClause.name : undefined;
    const bindings = importClause.namedBindings && this.#bindings(importClause.namedBindings, isType, keep);
    if (!name && !bindings) return undefined;
    const clause = factory.updateImportClause(importClause, isType, name, bindings);
    return factory.updateImportDeclaration(statement, modifiers, clause, moduleSpecifier, assertClause);
  }

  #bindings(
    bindings: TypeScript.NamedImportBindings,
    isType: boolean,
    keep: Keep,
  ): TypeScript.NamedImportBindings | undefined {
    const typescript = this.#typescript;
    if (typescript.isNamespaceImport(bindings))
      return keep(bindings.name.text, isType) ? bindings : undefined;
    const elements = bindings.elements.filter((each) => keep(each.name.text, isType || each.isTypeOnly));
    return elements.length > 0 ? typescript.factory.updateNamedImports(bindings, elements) : undefined;
  }
}
