import type * as TypeScript from "@tslab/typescript-for-tslab";

/** A function of the compiler that its published types leave out. */
type FindPrecedingToken = (position: number, file: TypeScript.SourceFile) => TypeScript.Node | undefined;

/** The function of the compiler that is replaced. */
export interface MisplacedAwaitAware {
  readonly findPrecedingToken: FindPrecedingToken;
}

/**
 * Lets the compiler's complaint of an `await` in a method without `async` reach the reader.
 *
 * The compiler complains of every `await` that no `async` function holds, and tslab takes away what it says of those outside of
 * functions. It asks for the token at the complaint and looks among its parents for a function, but knows neither methods nor
 * accessors nor class expressions: what it takes there for an `await` of the cell, V8 refuses without a line. So there it gets the
 * expression instead of its token, which it lets stand.
 */
export function withMisplacedAwaits(typescript: typeof TypeScript): MisplacedAwaitAware {
  const { findPrecedingToken } = typescript as unknown as MisplacedAwaitAware;
  return {
    findPrecedingToken: (position, file) => {
      const token = findPrecedingToken(position, file);
      // completion asks as well, but not for what ends at the very place
      const isAwait = token?.kind === typescript.SyntaxKind.AwaitKeyword && token.end === position;
      return isAwait && isWithinFunction(typescript, token) ? token.parent : token;
    },
  };
}

/** Whether code runs when it is called, or when a class is made, and not with the cell, as the computed name of a method does. */
function isWithinFunction(typescript: typeof TypeScript, node: TypeScript.Node): boolean {
  const { parent } = node as { parent?: TypeScript.Node };
  if (!parent) return false;
  const isFunction = typescript.isFunctionLike(parent) || typescript.isPropertyDeclaration(parent);
  if (isFunction && parent.name !== node) return true;
  return isWithinFunction(typescript, parent);
}
