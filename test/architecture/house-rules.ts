import { posix } from 'node:path'
import { Visitor } from 'oxc-parser'
import { isTest } from './import-rules.ts'
import type { SourceFile } from './source-file.ts'

const VAGUE_FOLDERS = new Set(['utils', 'util', 'helpers', 'common', 'misc'])

/** Where the environment of the process is read. */
const ENVIRONMENT_READERS = [
  'packages/server/src/config/',
  'packages/scan/src/environment.ts',
  'packages/cli/src/main.ts',
]

/** Functions that skip a test or run one alone. */
const TEST_EXEMPTIONS = new Set(['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails'])
const TEST_FUNCTIONS = new Set(['test', 'it', 'describe', 'suite', 'bench'])

const COMMENT_EXEMPTIONS =
  /@ts-ignore|@ts-nocheck|\b(?:ox|es)lint-disable|(?:prettier|oxfmt)-ignore|\b(?:TODO|FIXME|XXX)\b/

// The registry is a setting of npm. A name in the repository would force one registry on every user.
const REGISTRY_HOST = /\bregistry\.[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b|\bnpmmirror\b/i

/**
 * Checks each source file against the rules of CONTRIBUTING.md.
 *
 * @param entries the entry files of the packages: only they may consist of re-exports
 * @returns a sentence for each violation
 */
export function houseViolations(files: readonly SourceFile[], entries: readonly string[]): string[] {
  return files.flatMap((file) => [
    ...vagueFolder(file),
    ...(file.isBarrel && !entries.includes(file.path) ? [`${file.path} only re-exports other files.`] : []),
    ...syntaxViolations(file),
    ...commentViolations(file),
  ])
}

/**
 * Finds host names of package registries in any text.
 *
 * @returns a sentence for each file that names one
 */
export function registryViolations(texts: readonly { path: string; text: string }[]): string[] {
  return texts.flatMap(({ path, text }) => {
    const found = REGISTRY_HOST.exec(text)
    return found === null ? [] : [`${path} names a package registry: ${found[0]}`]
  })
}

function vagueFolder({ path }: SourceFile): string[] {
  const vague = posix
    .dirname(path)
    .split('/')
    .filter((folder) => VAGUE_FOLDERS.has(folder))
  return vague.map((folder) => `${path} is in "${folder}", a folder name that does not say what it contains.`)
}

function commentViolations({ path, comments }: SourceFile): string[] {
  return comments.flatMap((comment) => {
    const found = COMMENT_EXEMPTIONS.exec(comment)
    return found === null ? [] : [`${path} has "${found[0]}" in a comment.`]
  })
}

function syntaxViolations({ path, text, program }: SourceFile): string[] {
  const violations: string[] = []
  const lineOf = (start: number) => text.slice(0, start).split('\n').length
  const readsEnvironment = !isTest(path) && !ENVIRONMENT_READERS.some((reader) => path.startsWith(reader))
  new Visitor({
    TSAnyKeyword({ start }) {
      violations.push(`${path}:${lineOf(start)} uses "any".`)
    },
    MemberExpression({ object, property, computed, start }) {
      if (computed || property.type !== 'Identifier') return
      if (readsEnvironment && isNamed(object, 'process') && property.name === 'env') {
        violations.push(`${path}:${lineOf(start)} reads process.env, which only config/ may.`)
      }
      if (
        TEST_EXEMPTIONS.has(property.name) &&
        [...TEST_FUNCTIONS].some((name) => isRootedIn(object, name))
      ) {
        violations.push(`${path}:${lineOf(start)} uses ".${property.name}": every test runs.`)
      }
    },
    ImportDeclaration({ source, specifiers, start }) {
      const named = specifiers.some((one) => one.type === 'ImportSpecifier' && isNamed(one.imported, 'env'))
      if (readsEnvironment && /^(?:node:)?process$/.test(source.value) && named) {
        violations.push(`${path}:${lineOf(start)} imports env of process, which only config/ may.`)
      }
    },
  }).visit(program)
  return violations
}

/** A syntax node of any type; other members are tested with `in`. */
interface Node {
  readonly type: string
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && 'name' in node && node.name === name
}

/** Whether an expression such as `test.concurrent` starts with `name`. */
function isRootedIn(node: Node, name: string): boolean {
  if (node.type === 'MemberExpression' && 'object' in node) return isRootedIn(node.object as Node, name)
  return isNamed(node, name)
}
