/** An import of a TypeScript file. The compiler changes those of JavaScript, and leaves those of declarations. */
const TYPESCRIPT_IMPORT = /(\bfrom |\bimport\()(['"])(\.[^'"]*)\.ts\2/g

/** The text of a declaration file, which imports the files that are built. */
export function withJavaScriptImports(text: string): string {
  return text.replaceAll(TYPESCRIPT_IMPORT, '$1$2$3.js$2')
}
