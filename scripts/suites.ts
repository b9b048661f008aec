import { globSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')

/** The programs of pages, which run in browsers. */
const BROWSER_PROJECT = 'packages/server/src/control/pages/tsconfig.json'

/** One suite of the run: a tool that passes or fails as a whole, or a project of vitest.config.ts with many tests. */
export interface Suite {
  readonly name: string
  /** The name that selects the suite on the command line; several suites may share a group. */
  readonly group: string
  readonly needsPostgres: boolean
  readonly kind: 'check' | 'tests'
  /** A JavaScript file below the root and its arguments. */
  readonly command: readonly [file: string, ...args: string[]]
}

function check(group: string, name: string, ...command: Suite['command']): Suite {
  return { name, group, needsPostgres: false, kind: 'check', command }
}

function tests(project: string, needsPostgres: boolean): Suite {
  const command: Suite['command'] = ['node_modules/vitest/vitest.mjs', 'run', '--project', project]
  return { name: project, group: project, needsPostgres, kind: 'tests', command }
}

/** All suites, in the order in which they run. */
export function allSuites(): Suite[] {
  const projects = globSync(['tsconfig.json', 'packages/*/tsconfig.json', BROWSER_PROJECT], {
    cwd: ROOT,
  }).toSorted()
  return [
    ...projects.map((path) =>
      check('types', `types ${path.replaceAll('\\', '/')}`, 'node_modules/typescript/bin/tsc', '-p', path),
    ),
    check('lint', 'lint', 'node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'),
    check('format', 'format', 'node_modules/oxfmt/bin/oxfmt', '--check', '.'),
    check('dead-code', 'dead-code', 'node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'),
    tests('unit', false),
    tests('store', true),
    tests('process', true),
    tests('timing', true),
  ]
}
