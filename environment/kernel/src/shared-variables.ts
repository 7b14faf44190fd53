import type * as TypeScript from "@tslab/typescript-for-tslab";

type Transformer = TypeScript.TransformerFactory<TypeScript.SourceFile>;

/** The names that a cell hands to later cells, by the identifier that stands for each in its export list. */
type ExportedNames = ReadonlyMap<string, TypeScript.Identifier>;

/**
 * Hands each variable of a cell to later cells right after the statement that declares it, in place of the export list.
 *
 * A `let` or `var` is handed on by a getter and a setter: it stays a plain local of its own cell, and all cells and their
 * functions see one value. Everything else never changes, and is handed on as a value, which keeps nothing else alive.
 * A cell that fails hands on what it has declared so far, and leaves alone what it has not.
 *
 * @param cell - the number by which `publish` knows the cell
 * @param found - receives the names
 */
export function shareVariables(typescript: typeof TypeScript, cell: number, found: string[]): Transformer {
  return (context) => (file) => {
    const publisher = new Publisher(typescript, context.factory, cell, exportedNames(typescript, file));
    found.push(...publisher.names);
    const shared = file.statements.flatMap((statement) => publisher.after(statement));
    return context.factory.updateSourceFile(file, [...publisher.functions(file), ...shared]);
  };
}

function exportedNames(typescript: typeof TypeScript, file: TypeScript.SourceFile): ExportedNames {
  const names = new Map<string, TypeScript.Identifier>();
  for (const { exportClause } of file.statements.filter(typescript.isExportDeclaration)) {
    if (!exportClause || !typescript.isNamedExports(exportClause)) continue;
    for (const { name } of exportClause.elements) names.set(name.text, name);
  }
  return names;
}

/** Writes the calls of `__tslab__.publish` for one cell. */
class Publisher {
  readonly #typescript: typeof TypeScript;
  readonly #factory: TypeScript.NodeFactory;
  readonly #cell: number;
  readonly #exported: ExportedNames;

  constructor(
    typescript: typeof TypeScript,
    factory: TypeScript.NodeFactory,
    cell: number,
    exported: ExportedNames,
  ) {
    this.#typescript = typescript;
    this.#factory = factory;
    this.#cell = cell;
    this.#exported = exported;
  }

  get names(): Iterable<string> {
    return this.#exported.keys();
  }

  /** The statement, and the call that publishes what it declares. */
  after(statement: TypeScript.Statement): TypeScript.Statement[] {
    const typescript = this.#typescript;
    if (typescript.isExportDeclaration(statement)) return [];
    const changes =
      typescript.isVariableStatement(statement) &&
      !(statement.declarationList.flags & typescript.NodeFlags.Const);
    return [statement, ...this.#publish(this.#namesOf(statement), changes)];
  }

  /** Publishes the functions: they exist before the first statement runs. */
  functions(file: TypeScript.SourceFile): TypeScript.Statement[] {
    const declared = file.statements.filter(this.#typescript.isFunctionDeclaration);
    const names = declared.flatMap(({ name }) => (name ? [name.text] : []));
    return this.#publish([...new Set(names)], false);
  }

  #namesOf(statement: TypeScript.Statement): string[] {
    const typescript = this.#typescript;
    if (typescript.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) => this.#boundNames(name));
    }
    if (typescript.isClassDeclaration(statement)) return statement.name ? [statement.name.text] : [];
    if (!typescript.isImportDeclaration(statement)) return [];
    const { name, namedBindings } = statement.importClause ?? {};
    const own = name ? [name.text] : [];
    if (!namedBindings) return own;
    if (typescript.isNamespaceImport(namedBindings)) return [...own, namedBindings.name.text];
    return [...own, ...namedBindings.elements.map((element) => element.name.text)];
  }

  #boundNames(name: TypeScript.BindingName): string[] {
    const typescript = this.#typescript;
    if (typescript.isIdentifier(name)) return [name.text];
    return name.elements.flatMap((element) =>
      typescript.isOmittedExpression(element) ? [] : this.#boundNames(element.name),
    );
  }

  #publish(names: readonly string[], changes: boolean): TypeScript.Statement[] {
    const factory = this.#factory;
    const properties = names.flatMap((name) => {
      const variable = this.#exported.get(name);
      if (!variable) return [];
      return changes ? this.#accessors(name) : [factory.createPropertyAssignment(name, variable)];
    });
    if (properties.length === 0) return [];
    const method = factory.createPropertyAccessExpression(factory.createIdentifier("__tslab__"), "publish");
    const values = factory.createObjectLiteralExpression(properties);
    const call = factory.createCallExpression(method, undefined, [
      factory.createNumericLiteral(this.#cell),
      values,
    ]);
    return [factory.createExpressionStatement(call)];
  }

  #accessors(name: string): TypeScript.ObjectLiteralElementLike[] {
    const factory = this.#factory;
    const read = factory.createReturnStatement(factory.createIdentifier(name));
    const given = factory.createUniqueName("value");
    const write = factory.createAssignment(factory.createIdentifier(name), given);
    const parameter = factory.createParameterDeclaration(undefined, undefined, given);
    const writing = factory.createBlock([factory.createExpressionStatement(write)]);
    return [
      factory.createGetAccessorDeclaration(undefined, name, [], undefined, factory.createBlock([read])),
      factory.createSetAccessorDeclaration(undefined, name, [parameter], writing),
    ];
  }
}
