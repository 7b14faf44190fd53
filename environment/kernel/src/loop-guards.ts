import type * as TypeScript from "@tslab/typescript-for-tslab";

type Transformer = TypeScript.TransformerFactory<TypeScript.SourceFile>;

/**
 * Begins the body of every loop with `globalThis.__tslab__?.guard()`, which throws once the reader has interrupted the cell.
 * The form is safe for functions that travel by `toString()` to where there is no kernel, such as a worker.
 */
export function guardLoops(typescript: typeof TypeScript): Transformer {
  return (context) => {
    const { factory } = context;
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      const visited = typescript.visitEachChild(node, visit, context);
      return typescript.isIterationStatement(visited, false)
        ? withBody(typescript, factory, visited, guarded(typescript, factory, visited.statement))
        : visited;
    };
    return (file) => typescript.visitEachChild(file, visit, context);
  };
}

function guarded(
  typescript: typeof TypeScript,
  factory: TypeScript.NodeFactory,
  body: TypeScript.Statement,
): TypeScript.Block {
  const kernel = factory.createPropertyAccessExpression(
    factory.createIdentifier("globalThis"),
    factory.createIdentifier("__tslab__"),
  );
  const questionDot = factory.createToken(typescript.SyntaxKind.QuestionDotToken);
  const method = factory.createPropertyAccessChain(kernel, questionDot, factory.createIdentifier("guard"));
  const guard = factory.createExpressionStatement(
    factory.createCallChain(method, undefined, undefined, undefined),
  );
  return typescript.isBlock(body)
    ? factory.updateBlock(body, [guard, ...body.statements])
    : factory.createBlock([guard, body]);
}

function withBody(
  typescript: typeof TypeScript,
  factory: TypeScript.NodeFactory,
  loop: TypeScript.IterationStatement,
  body: TypeScript.Block,
): TypeScript.Statement {
  if (typescript.isForStatement(loop)) {
    return factory.updateForStatement(loop, loop.initializer, loop.condition, loop.incrementor, body);
  }
  if (typescript.isForOfStatement(loop)) {
    return factory.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, loop.expression, body);
  }
  if (typescript.isForInStatement(loop)) {
    return factory.updateForInStatement(loop, loop.initializer, loop.expression, body);
  }
  if (typescript.isWhileStatement(loop)) return factory.updateWhileStatement(loop, loop.expression, body);
  if (typescript.isDoStatement(loop)) return factory.updateDoStatement(loop, body, loop.expression);
  return loop;
}
