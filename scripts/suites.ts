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
  /** Whether no other suite may run at the same time. */
  readonly alone: boolean
  readonly kind: 'check' | 'tests'
  /** A JavaScript file below the root and its arguments. */
  readonly command: readonly [file: string, ...args: string[]]
}

function check(group: string, name: string, ...command: Suite['command']): Suite {
  return { name, group, needsPostgres: false, alone: false, kind: 'check', command }
}

function tests(project: string, rules: Pick<Suite, 'needsPostgres' | 'alone'>, ...args: string[]): Suite {
  const command: Suite['command'] = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...args]
  return { name: project, group: project, kind: 'tests', command, ...rules }
}

/**
 * All suites, in the order in which they begin: the longest first. What it shares the machine with has fewer workers than
 * it, so that each waits less for a core.
 */
export function allSuites(): Suite[] {
  const projects = globSync(['tsconfig.json', 'packages/*/tsconfig.json', BROWSER_PROJECT], {
    cwd: ROOT,
  }).toSorted()
  const fewWorkers = '--maxWorkers=2'
  return [
    tests('process', { needsPostgres: true, alone: false }),
    ...projects.map((path) =>
      check('types', `types ${path.replaceAll('\\', '/')}`, 'node_modules/typescript/bin/tsc', '-p', path),
    ),
    check('lint', 'lint', 'node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'),
    check('format', 'format', 'node_modules/oxfmt/bin/oxfmt', '--check', '.'),
    check('dead-code', 'dead-code', 'node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'),
    tests('unit', { needsPostgres: false, alone: false }, fewWorkers),
    tests('store', { needsPostgres: true, alone: false }, fewWorkers),
    tests('timing', { needsPostgres: true, alone: true }),
  ]
}
