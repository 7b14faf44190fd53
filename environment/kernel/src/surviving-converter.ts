import type { Converter } from "tslab/dist/converter";

/**
 * tslab's converter, made anew after code on which the compiler fails (thousands of brackets within each other, say): it stops
 * half way between two programs then, and would refuse every later cell.
 */
export function survivingConverter(create: () => Converter): Converter {
  let converter: Converter | undefined = create();
  const surviving = <T>(work: (converter: Converter) => T): T => {
    const current = (converter ??= create());
    try {
      return work(current);
    } catch (error) {
      converter = undefined;
      abandon(current);
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the compiler failed on this code, which may be nested too deeply (${reason})`;
      throw new Error(message, { cause: error });
    }
  };
  return {
    convert: (declarations, source) => surviving((current) => current.convert(declarations, source)),
    inspect: (declarations, source, at) => surviving((current) => current.inspect(declarations, source, at)),
    complete: (declarations, source, at) =>
      surviving((current) => current.complete(declarations, source, at)),
    addModule: (name, content, meta) => surviving((current) => current.addModule(name, content, meta)),
    close: () => converter?.close(),
  };
}

/** Lets go of the files that it watches, if it still can. */
function abandon(converter: Converter): void {
  try {
    converter.close();
  } catch {
    // it is broken: that is why it is abandoned
  }
}
