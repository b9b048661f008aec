const IMPORT = /^import type \{ (.*) \} from (.*)\n/gm

/** Removes the names from one-line type imports that the source does not use, and imports without names. */
export function withoutUnusedImports(source: string): string {
  const code = source.replaceAll(IMPORT, '')
  return source.replaceAll(IMPORT, (_, names: string, from: string) => {
    const used = names.split(', ').filter((name) => new RegExp(`\\b${name}\\b`).test(code))
    return used.length === 0 ? '' : `import type { ${used.join(', ')} } from ${from}\n`
  })
}
