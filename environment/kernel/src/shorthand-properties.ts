import type * as TypeScript from "@tslab/typescript-for-tslab";

type VisitEachChild = typeof TypeScript.visitEachChild;
type CreateWatchProgram = typeof TypeScript.createWatchProgram;

/** The two functions of the compiler that are replaced. */
export interface ShorthandAware {
  readonly createWatchProgram: CreateWatchProgram;
  readonly visitEachChild: VisitEachChild;
}

/**
 * Lets a cell write `{ model }` where `model` is a variable of an earlier cell.
 *
 * tslab rewrites the variables of earlier cells to `exports.model`, but it asks the type checker for the symbol at the name,
 * which in a shorthand is the new property and not the variable, so stock tslab fails with "model is not defined".
 */
export function withShorthandProperties(original: typeof TypeScript): ShorthandAware {
  let programOf: (() => TypeScript.Program) | undefined;
  const createWatchProgram = (host: Parameters<CreateWatchProgram>[0]): ReturnType<CreateWatchProgram> => {
    const watch = original.createWatchProgram(host);
    programOf = () => watch.getProgram().getProgram();
    return watch;
  };
  const visitEachChild = (...parts: Parameters<VisitEachChild>): TypeScript.Node | undefined => {
    const [node, visitor] = parts as readonly [TypeScript.Node, TypeScript.Visitor, ...unknown[]];
    if (!programOf || !original.isShorthandPropertyAssignment(node)) return original.visitEachChild(...parts);
    answerForVariables(original, programOf().getTypeChecker());
    const value = visitor(node.name);
    if (value === node.name) return node;
    return original.factory.createPropertyAssignment(node.name.text, value as TypeScript.Expression);
  };
  return {
    createWatchProgram: createWatchProgram as CreateWatchProgram,
    visitEachChild,
  };
}

const patched = new WeakSet<TypeScript.TypeChecker>();

/** Makes a type checker answer for the variable where it is asked for the name of a shorthand. */
function answerForVariables(typescript: typeof TypeScript, checker: TypeScript.TypeChecker): void {
  if (patched.has(checker)) return;
  patched.add(checker);
  const getSymbolAtLocation = checker.getSymbolAtLocation.bind(checker);
  checker.getSymbolAtLocation = (node) => {
    const { parent } = node as { parent?: TypeScript.Node };
    const isName = parent && typescript.isShorthandPropertyAssignment(parent) && parent.name === node;
    return isName ? checker.getShorthandAssignmentValueSymbol(parent) : getSymbolAtLocation(node);
  };
}
