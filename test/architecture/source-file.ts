import { readFileSync, globSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { Visitor, parseSync, type Program } from 'oxc-parser'

/** The parts of a TypeScript file that the rules check. Paths use `/` and start at the repository's root. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly program: Program
  readonly comments: readonly string[]
  readonly imports: readonly Import[]
  /** Whether the file consists of re-exports only. */
  readonly isBarrel: boolean
}

export interface Import {
  /** As written. */
  readonly specifier: string
  /** The imported file, when the specifier is relative. */
  readonly path: string | undefined
}

/**
 * Reads a source text: imports of values and of types, re-exports and dynamic imports alike.
 *
 * @throws an error when the text is not TypeScript, or has an import whose specifier is computed
 */
export function parseSource(path: string, text: string): SourceFile {
  const { program, module, comments, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  const specifiers = [
    ...module.staticImports.map((statement) => statement.moduleRequest.value),
    ...module.staticExports.flatMap((statement) =>
      statement.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
  ]
  new Visitor({
    ImportExpression({ source }) {
      if (source.type !== 'Literal' || typeof source.value !== 'string') {
        throw new Error(`${path} has a computed import, which cannot be checked.`)
      }
      specifiers.push(source.value)
    },
    TSImportType({ source }) {
      specifiers.push(source.value)
    },
  }).visit(program)
  return {
    path,
    text,
    program,
    comments: comments.map((comment) => comment.value),
    imports: [...new Set(specifiers)].map((specifier) => ({
      specifier,
      path: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined,
    })),
    isBarrel: program.body.length > 0 && program.body.every(isReExport),
  }
}

function isReExport(statement: Program['body'][number]): boolean {
  return (
    statement.type === 'ExportAllDeclaration' ||
    (statement.type === 'ExportNamedDeclaration' && statement.source !== null)
  )
}

const ROOT = join(import.meta.dirname, '..', '..')

/** The project's own TypeScript files. */
const SOURCES = ['*.ts', '{packages,test,scripts,bench}/**/*.{ts,tsx}']

/** Every TypeScript file of the repository. */
export function readSources(): SourceFile[] {
  return globSync(SOURCES, { cwd: ROOT, exclude: isForeign })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => parseSource(path, readFileSync(join(ROOT, path), 'utf8')))
}

/** Every text file of the repository with its content, not only TypeScript. */
export function readTexts(): { path: string; text: string }[] {
  const patterns = ['*', '.*', '.ci/*', '{packages,test,scripts,bench,docs,vectors}/**/*']
  return globSync(patterns, { cwd: ROOT, exclude: isForeign, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return { path: path.slice(ROOT.length + 1).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }
    })
}

function isForeign(entry: string | { name: string; parentPath: string }): boolean {
  const path = typeof entry === 'string' ? entry : join(entry.parentPath, entry.name)
  return /(^|[\\/])(node_modules|\.git|data|coverage|dist(?:-[^\\/]*)?|results)([\\/]|$)/.test(
    path.replace(dirname(ROOT), ''),
  )
}

/** The entry file of each package: the only export of its package.json. */
export function readEntries(): string[] {
  return globSync('packages/*/package.json', { cwd: ROOT }).flatMap((path) => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as {
      exports?: Record<string, string>
    }
    const folder = posix.dirname(path.replaceAll('\\', '/'))
    return Object.values(exports ?? {}).map((target) => posix.join(folder, target))
  })
}
