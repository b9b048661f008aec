/** The package.json of a package in this repository. */
export interface SourceManifest extends Readonly<Record<string, unknown>> {
  /** TypeScript files below `src`, by entry. */
  readonly exports: Readonly<Record<string, string>>
}

/** The package.json of the built package, with the same entries. @param files what it holds, as npm reads it */
export function builtManifest(
  { exports: entries, ...rest }: SourceManifest,
  files: readonly string[] = ['**/*.js', '**/*.d.ts'],
): Record<string, unknown> {
  const built = Object.entries(entries).map(([entry, source]) => {
    const base = source.replace('./src/', './').replace(/\.ts$/, '')
    return [entry, { types: `${base}.d.ts`, default: `${base}.js` }] as const
  })
  return { ...rest, files, types: './index.d.ts', exports: Object.fromEntries(built) }
}
