import type * as TypeScript from "@tslab/typescript-for-tslab";

type Transformer = TypeScript.TransformerFactory<TypeScript.SourceFile>;

/**
 * Turns each `await` outside of functions into a `yield`, so that a cell that awaits can run as a generator: whoever drives
 * it decides where it goes on, and may throw into it. What is awaited goes through an async function within the cell, so
 * that stack traces still name the line that waits.
 *
 * @param onAwait - called for each of them
 */
export function resumeAwaits(typescript: typeof TypeScript, onAwait: () => void): Transformer {
  return (context) => {
    const rewriter = new AwaitRewriter(typescript, context, onAwait);
    return (file) => typescript.visitEachChild(file, rewriter.visit, context);
  };
}

class AwaitRewriter {
  readonly #typescript: typeof TypeScript;
  readonly #context: TypeScript.TransformationContext;
  readonly #factory: TypeScript.NodeFactory;
  readonly #onAwait: () => void;

  constructor(typescript: typeof TypeScript, context: TypeScript.TransformationContext, onAwait: () => void) {
    this.#typescript = typescript;
    this.#context = context;
    this.#factory = context.factory;
    this.#onAwait = onAwait;
  }

  readonly visit = (node: TypeScript.Node): TypeScript.Node => {
    const typescript = this.#typescript;
    if (typescript.isClassStaticBlockDeclaration(node)) return node;
    if (typescript.isFunctionLike(node)) return this.#function(node);
    if (typescript.isLabeledStatement(node) && isForAwait(typescript, innermost(typescript, node))) {
      return this.#iteration(node);
    }
    if (isForAwait(typescript, node)) return this.#iteration(node);
    const visited = typescript.visitEachChild(node, this.visit, this.#context);
    return typescript.isAwaitExpression(visited) ? this.#wait(visited.expression, node) : visited;
  };

  /** A function stays as it is, but for a computed name, which belongs to the cell: `{ [await key()]() {} }`. */
  #function(node: TypeScript.SignatureDeclaration): TypeScript.Node {
    const typescript = this.#typescript;
    const { name } = node;
    if (!name || !typescript.isComputedPropertyName(name)) return node;
    const visit = (child: TypeScript.Node): TypeScript.Node => (child === name ? this.visit(child) : child);
    return typescript.visitEachChild(node, visit, this.#context);
  }

  /** `(yield (async (value) => await value)(awaited))`, at the place of a node in the source. */
  #wait(awaited: TypeScript.Expression, place: TypeScript.Node): TypeScript.Expression {
    this.#onAwait();
    const typescript = this.#typescript;
    const factory = this.#factory;
    const value = factory.createUniqueName("value");
    const waiting = factory.createArrowFunction(
      [factory.createToken(typescript.SyntaxKind.AsyncKeyword)],
      undefined,
      [factory.createParameterDeclaration(undefined, undefined, value)],
      undefined,
      undefined,
      typescript.setSourceMapRange(factory.createAwaitExpression(value), place),
    );
    const call = factory.createCallExpression(factory.createParenthesizedExpression(waiting), undefined, [
      awaited,
    ]);
    return factory.createParenthesizedExpression(factory.createYieldExpression(undefined, call));
  }

  /**
   * Turns `for await (const x of xs) body` into a plain loop over the promises of its steps:
   *
   *     {
   *       const steps = __tslab__.steps(xs);
   *       try {
   *         for (const next of steps) {
   *           const step = await next;
   *           if (steps.isLast(step)) break;
   *           const x = step.value;
   *           body
   *         }
   *       } finally {
   *         await steps.closed;
   *       }
   *     }
   */
  #iteration(statement: TypeScript.LabeledStatement | TypeScript.ForOfStatement): TypeScript.Statement {
    const typescript = this.#typescript;
    const factory = this.#factory;
    const loop = innermost(typescript, statement) as TypeScript.ForOfStatement;
    const steps = factory.createUniqueName("steps");
    const next = factory.createUniqueName("next");
    const step = factory.createUniqueName("step");
    const source = typescript.visitNode(loop.expression, this.visit, typescript.isExpression);
    const makeSteps = call(factory, factory.createIdentifier("__tslab__"), "steps", source);
    const stop = factory.createIfStatement(
      call(factory, steps, "isLast", step),
      factory.createBreakStatement(),
    );
    const body = factory.createBlock([
      constant(typescript, factory, step, this.#wait(next, loop)),
      stop,
      this.#assignment(loop.initializer, factory.createPropertyAccessExpression(step, "value")),
      typescript.visitNode(loop.statement, this.visit, typescript.isStatement),
    ]);
    const each = constant(typescript, factory, next).declarationList;
    const plain = factory.createForOfStatement(undefined, each, steps, body);
    const closed = this.#wait(factory.createPropertyAccessExpression(steps, "closed"), loop);
    return factory.createBlock([
      constant(typescript, factory, steps, makeSteps),
      factory.createTryStatement(
        factory.createBlock([relabelled(typescript, factory, statement, plain)]),
        undefined,
        factory.createBlock([factory.createExpressionStatement(closed)]),
      ),
    ]);
  }

  /** Gives the variable of a loop its value; it may also be any place that can be assigned to. */
  #assignment(initializer: TypeScript.ForInitializer, value: TypeScript.Expression): TypeScript.Statement {
    const typescript = this.#typescript;
    const factory = this.#factory;
    const target = typescript.visitNode(initializer, this.visit, typescript.isForInitializer);
    if (!typescript.isVariableDeclarationList(target)) {
      return factory.createExpressionStatement(factory.createAssignment(target, value));
    }
    const declarations = target.declarations.map(({ name }) =>
      factory.createVariableDeclaration(name, undefined, undefined, value),
    );
    return factory.createVariableStatement(
      undefined,
      factory.updateVariableDeclarationList(target, declarations),
    );
  }
}

function isForAwait(typescript: typeof TypeScript, node: TypeScript.Node): node is TypeScript.ForOfStatement {
  return typescript.isForOfStatement(node) && node.awaitModifier !== undefined;
}

function innermost(typescript: typeof TypeScript, statement: TypeScript.Statement): TypeScript.Statement {
  return typescript.isLabeledStatement(statement) ? innermost(typescript, statement.statement) : statement;
}

/** Gives a loop the labels of another one: `continue` needs them directly before it. */
function relabelled(
  typescript: typeof TypeScript,
  factory: TypeScript.NodeFactory,
  statement: TypeScript.Statement,
  loop: TypeScript.Statement,
): TypeScript.Statement {
  if (!typescript.isLabeledStatement(statement)) return loop;
  const inner = relabelled(typescript, factory, statement.statement, loop);
  return factory.createLabeledStatement(statement.label, inner);
}

function call(
  factory: TypeScript.NodeFactory,
  object: TypeScript.Expression,
  method: string,
  argument: TypeScript.Expression,
): TypeScript.Expression {
  return factory.createCallExpression(factory.createPropertyAccessExpression(object, method), undefined, [
    argument,
  ]);
}

function constant(
  typescript: typeof TypeScript,
  factory: TypeScript.NodeFactory,
  name: TypeScript.Identifier,
  value?: TypeScript.Expression,
): TypeScript.VariableStatement {
  const declaration = factory.createVariableDeclaration(name, undefined, undefined, value);
  const list = factory.createVariableDeclarationList([declaration], typescript.NodeFlags.Const);
  return factory.createVariableStatement(undefined, list);
}
