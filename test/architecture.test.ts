import { describe, expect, test } from 'vitest'
import { dashboardViolations, styleViolations } from './architecture/dashboard-rules.ts'
import { FOLDER_FILES_MAX, folderViolations } from './architecture/folder-rules.ts'
import { houseViolations, registryViolations } from './architecture/house-rules.ts'
import { importViolations } from './architecture/import-rules.ts'
import { parseSource, readEntries, readSources, readTexts } from './architecture/source-file.ts'

const SERVER = 'packages/server/src'

describe('this repository', () => {
  const files = readSources()

  test('is checked completely', () => {
    const paths = files.map((file) => file.path)
    expect(paths).toContain('packages/core/src/index.ts')
    expect(paths).toContain('packages/dashboard/src/app/app.tsx')
    expect(paths).toContain('test/architecture.test.ts')
    expect(readEntries()).toContain('packages/core/src/index.ts')
    expect(readTexts().map((file) => file.path)).toEqual(
      expect.arrayContaining(['package.json', '.ci/run', 'packages/core/package.json']),
    )
  })

  test('imports only in the allowed directions', () => {
    expect(importViolations(files)).toEqual([])
  })

  test('has small folders that import in one direction', () => {
    expect(folderViolations(files)).toEqual([])
  })

  test('follows the house rules', () => {
    expect(houseViolations(files, readEntries())).toEqual([])
  })

  test('has a dashboard whose requests, texts and colours stand where they belong', () => {
    expect(dashboardViolations(files)).toEqual([])
    expect(readTexts().flatMap(styleViolations)).toEqual([])
  })

  test('names no package registry', () => {
    expect(registryViolations(readTexts())).toEqual([])
  })
})

describe('folders are refused', () => {
  const parse = (path: string, source: string) => parseSource(`${SERVER}/${path}`, source)

  test('that import each other, also through a third folder or a type', () => {
    const files = [
      parse('app/keys/a.ts', "import '../roles/b.ts'"),
      parse('app/roles/b.ts', "import type { C } from '../gate/c.ts'"),
      parse('app/gate/c.ts', "import '../keys/d.ts'"),
      parse('app/keys/d.ts', 'export const d = 1'),
    ]
    expect(folderViolations(files)).toEqual([expect.stringContaining('app/keys/a.ts → ')])
  })

  test('that import their own subfolder and are imported by it', () => {
    const files = [
      parse('app/a.ts', "import './keys/b.ts'"),
      parse('app/keys/b.ts', "import '../c.ts'"),
      parse('app/c.ts', 'export const c = 1'),
    ]
    expect(folderViolations(files)).toHaveLength(1)
    expect(folderViolations(files.slice(1))).toEqual([])
  })

  test('that hold too many product files; tests and their fixtures do not count', () => {
    const fill = (name: (index: number) => string, count: number) =>
      Array.from({ length: count }, (_, index) => parse(name(index), 'export const a = 1'))
    const full = fill((index) => `app/keys/${index}.ts`, FOLDER_FILES_MAX)
    const tests = fill((index) => `app/keys/${index}.test.ts`, 5)
    const fixtures = fill((index) => `app/keys/testing/${index}.ts`, FOLDER_FILES_MAX + 1)
    expect(folderViolations([...full, ...tests, ...fixtures])).toEqual([])
    expect(folderViolations([...full, parse('app/keys/one-more.ts', 'export const a = 1')])).toHaveLength(1)
  })

  test('unless only their tests import each other', () => {
    const files = [
      parse('app/keys/a.ts', "import '../roles/b.ts'"),
      parse('app/roles/b.ts', 'export const b = 1'),
      parse('app/roles/b.test.ts', "import '../keys/a.ts'"),
    ]
    expect(folderViolations(files)).toEqual([])
  })
})

/** The violations of one file alone, `source` being all that it holds. */
function importsOf(path: string, source: string): string[] {
  return importViolations([parseSource(path, source)])
}

describe('an import is refused', () => {
  test.each([
    ['core, of npm', 'packages/core/src/a.ts', "import { z } from 'zod'"],
    ['core, of Node.js', 'packages/core/src/a.ts', "import { createHash } from 'node:crypto'"],
    ['core, of Node.js without its prefix', 'packages/core/src/a.ts', "import { createHash } from 'crypto'"],
    ['core, of a test library outside a test', 'packages/core/src/a.ts', "import fc from 'fast-check'"],
    ['core, of npm in a test', 'packages/core/src/a.test.ts', "import { z } from 'zod'"],
    ['core, dynamically', 'packages/core/src/a.ts', "export const a = () => import('node:fs')"],
    ['core, of a type', 'packages/core/src/a.ts', "import type { Server } from 'node:http'"],
    ['core, of a type in place', 'packages/core/src/a.ts', "export type A = import('node:http').Server"],
    ['core, by passing on', 'packages/core/src/a.ts', "export * from 'zod'"],
    ["core's inside", `${SERVER}/app/a.ts`, "import { a } from '@sallyport/core/src/a.ts'"],
    ["core's inside by path", `${SERVER}/app/a.ts`, "import { a } from '../../../core/src/a.ts'"],
    [
      "core's inside by path, in a test",
      `${SERVER}/app/a.test.ts`,
      "import { a } from '../../../core/src/a.ts'",
    ],
    ['scan, of the server', 'packages/scan/src/a.ts', "import { a } from '@sallyport/server'"],
    ['scan, of all of core', 'packages/scan/src/a.ts', "import { a } from '@sallyport/core'"],
    ['the dashboard, of all of core', 'packages/dashboard/src/a.ts', "import { a } from '@sallyport/core'"],
    ['the gate, of core', 'packages/gate/src/a.ts', "import { decide } from '@sallyport/core'"],
    ['the gate, of all of the server', 'packages/gate/src/a.ts', "import { a } from '@sallyport/server'"],
    ['the gate, of npm', 'packages/gate/src/a.ts', "import { pino } from 'pino'"],
    ['the dashboard, of the server', 'packages/dashboard/src/a.ts', "import { a } from '@sallyport/server'"],
    ['the command line, of core', 'packages/cli/src/a.ts', "import { a } from '@sallyport/core'"],
    ['the command line, of the server', 'packages/cli/src/a.ts', "import { a } from '@sallyport/server'"],
    ['scan, of npm', 'packages/scan/src/a.ts', "import { a } from 'undici'"],
    ['the tests of a product file', `${SERVER}/app/a.ts`, "import { a } from '../../../../test/a.ts'"],
    ['gateway → store', `${SERVER}/gateway/a.ts`, "import type { Store } from '../store/store.ts'"],
    ['gateway → app', `${SERVER}/gateway/a.ts`, "import { a } from '../app/a.ts'"],
    [
      'gateway → control, from below',
      `${SERVER}/gateway/authz/a.ts`,
      "import { a } from '../../control/a.ts'",
    ],
    ['control → gateway', `${SERVER}/control/a.ts`, "import { a } from '../gateway/a.ts'"],
    ['app → control', `${SERVER}/app/a.ts`, "import { a } from '../control/a.ts'"],
    ['app → gateway', `${SERVER}/app/a.ts`, "import { a } from '../gateway/a.ts'"],
    ['app → contract', `${SERVER}/app/a.ts`, "import { a } from '../contract/a.ts'"],
    ['gateway → sync', `${SERVER}/gateway/entrance/a.ts`, "import { a } from '../../sync/a.ts'"],
    ['a folder that is not listed', `${SERVER}/letters/a.ts`, "import { a } from '../store/a.ts'"],
    ['egress → gateway', `${SERVER}/egress/a.ts`, "import { a } from '../gateway/a.ts'"],
    [
      'gateway/request → gateway/entrance',
      `${SERVER}/gateway/request/a.ts`,
      "import { a } from '../entrance/a.ts'",
    ],
    ['gateway/proxy → gateway/steps', `${SERVER}/gateway/proxy/a.ts`, "import { a } from '../steps/a.ts'"],
    [
      'a folder of the gateway that is not listed',
      `${SERVER}/gateway/entrance/a.ts`,
      "import { a } from '../letters/a.ts'",
    ],
    ['app/access → app/keys', `${SERVER}/app/access/a.ts`, "import type { A } from '../keys/a.ts'"],
    ['app/audit → app/keys', `${SERVER}/app/audit/a.ts`, "import { a } from '../keys/a.ts'"],
    ['app → cli', `${SERVER}/app/a.ts`, "import { a } from '../cli/a.ts'"],
    ['store → app', `${SERVER}/store/sqlite/a.ts`, "import { a } from '../../app/a.ts'"],
    ['store → contract', `${SERVER}/store/a.ts`, "import { a } from '../contract/a.ts'"],
    ['crypto → store', `${SERVER}/crypto/a.ts`, "import { a } from '../store/a.ts'"],
    ['expression → crypto', `${SERVER}/expression/a.ts`, "import { a } from '../crypto/a.ts'"],
    ['store → expression', `${SERVER}/store/a.ts`, "import { a } from '../expression/a.ts'"],
    ['contract → app', `${SERVER}/contract/a.ts`, "import { a } from '../app/a.ts'"],
    ['contract, of another library', `${SERVER}/contract/a.ts`, "import fastify from 'fastify'"],
    ['contract, of Node.js', `${SERVER}/contract/a.ts`, "import { join } from 'node:path'"],
    ['anything → composition', `${SERVER}/sync/a.ts`, "import { compose } from '../composition/compose.ts'"],
    ['anything → main', `${SERVER}/telemetry/a.ts`, "import '../main.ts'"],
  ])('%s', (_name, path, source) => {
    expect(importsOf(path, source)).toEqual([expect.stringContaining(path)])
  })

  test('when the gateway would reach the store through a folder that it may import', () => {
    const files = [
      parseSource(`${SERVER}/gateway/entrance/a.ts`, "import '../../crypto/b.ts'"),
      parseSource(`${SERVER}/crypto/b.ts`, "import '../store/c.ts'"),
      parseSource(`${SERVER}/store/c.ts`, 'export const c = 1'),
    ]
    expect(importViolations(files)).toEqual([expect.stringContaining('crypto must not import store')])
  })

  test('when files import each other', () => {
    const files = [
      parseSource('packages/core/src/a.ts', "import './b.ts'"),
      parseSource('packages/core/src/b.ts', "import './c.ts'"),
      parseSource('packages/core/src/c.ts', "import type { B } from './b.ts'"),
    ]
    expect(importViolations(files)).toEqual([expect.stringContaining('src/b.ts → packages/core/src/c.ts')])
  })

  test('when it is computed', () => {
    expect(() => parseSource('packages/core/src/a.ts', 'await import(name)')).toThrow('computed')
  })
})

describe('an import is allowed', () => {
  test.each([
    ['core, of its own', 'packages/core/src/a.ts', "import { b } from './b.ts'"],
    ['core, of a test library in a test', 'packages/core/src/a.test.ts', "import fc from 'fast-check'"],
    ['core, of Node.js in a test', 'packages/core/src/a.test.ts', "import { readFileSync } from 'node:fs'"],
    [
      'core, of shared vectors in a test',
      'packages/core/src/a.test.ts',
      "import v from '../../../vectors/a.json'",
    ],
    [
      'core, named in a comment only',
      'packages/core/src/a.ts',
      "// import 'zod'\nexport const a = \"import 'zod'\"",
    ],
    ["core's entry", `${SERVER}/app/a.ts`, "import { a } from '@sallyport/core'"],
    [
      'gateway → core and npm',
      `${SERVER}/gateway/a.ts`,
      "import { a } from '@sallyport/core'; import 'undici'",
    ],
    [
      'scan → Node.js and the text of keys',
      'packages/scan/src/a.ts',
      "import 'node:fs'; import '@sallyport/core/key-text'",
    ],
    ['gateway → telemetry', `${SERVER}/gateway/a.ts`, "import { a } from '../telemetry/a.ts'"],
    ['gateway → store in a test', `${SERVER}/gateway/a.test.ts`, "import { a } from '../store/a.ts'"],
    ['control → app', `${SERVER}/control/a.ts`, "import { a } from '../app/a.ts'"],
    ['control → contract', `${SERVER}/control/a.ts`, "import { a } from '../contract/a.ts'"],
    [
      'contract → zod, core, its own',
      `${SERVER}/contract/a.ts`,
      "import 'zod'; import '@sallyport/core'; import './b.ts'",
    ],
    [
      'compose → everything',
      `${SERVER}/composition/compose.ts`,
      "import './gateway/a.ts'; import './store/a.ts'; import './control/a.ts'",
    ],
    [
      'the command line → the SDK and npm',
      'packages/cli/src/a.ts',
      "import '@sallyport/sdk'; import 'commander'",
    ],
    ['main → cli', `${SERVER}/main.ts`, "import './cli/serve.ts'"],
    ['cli → composition', `${SERVER}/cli/serve.ts`, "import '../composition/compose.ts'"],
  ])('%s', (_name, path, source) => {
    expect(importsOf(path, source)).toEqual([])
  })
})

function violationsOf(path: string, source: string): string[] {
  return houseViolations([parseSource(path, source)], [])
}

describe('the house rules', () => {
  test.each([
    ['any as a type', `${SERVER}/a.ts`, 'export const a: any = 1'],
    ['any by assertion', `${SERVER}/a.ts`, 'export const a = 1 as any'],
    ['any inside a type', `${SERVER}/a.ts`, 'export type A = Record<string, any>'],
    ['an ignored type error', `${SERVER}/a.ts`, '// @ts-ignore\nexport const a = 1'],
    ['a silenced rule', `${SERVER}/a.ts`, '/* oxlint-disable */ export const a = 1'],
    ['a planned change', `${SERVER}/a.ts`, '// TODO: later\nexport const a = 1'],
    ['a skipped test', 'packages/core/src/a.test.ts', "test.skip('a', () => {})"],
    ['a lone test', 'packages/core/src/a.test.ts', "describe.only('a', () => {})"],
    ['a planned test', 'packages/core/src/a.test.ts', "it.todo('a')"],
    ['a test that may be skipped', 'test/a.test.ts', "test.concurrent.skipIf(true)('a', () => {})"],
    ['the environment, in scan', 'packages/scan/src/a.ts', "export const a = process.env['A']"],
    ['the environment, outside config', `${SERVER}/app/a.ts`, "export const a = process.env['A']"],
    ['the environment, imported', `${SERVER}/app/a.ts`, "import { env } from 'node:process'"],
    ['a folder without a meaning', `${SERVER}/utils/a.ts`, 'export const a = 1'],
    ['a barrel', `${SERVER}/app/index.ts`, "export * from './a.ts'\nexport { b } from './b.ts'"],
  ])('refuse %s', (_name, path, source) => {
    expect(violationsOf(path, source)).toEqual([expect.stringContaining(path)])
  })

  test.each([
    ['the word any', `${SERVER}/a.ts`, "// any value\nexport const any = 'as any'"],
    [
      'an own method called skip',
      `${SERVER}/a.ts`,
      'export const a = (list: { skip(): void }) => list.skip()',
    ],
    ['tests over a table', 'packages/core/src/a.test.ts', "test.each([1])('a', () => {})"],
    [
      'the environment, where scan reads it',
      'packages/scan/src/environment.ts',
      'export const a = process.env',
    ],
    ['the environment, in config', `${SERVER}/config/read.ts`, "export const a = process.env['A']"],
    ['the environment, in a test', `${SERVER}/app/a.test.ts`, "export const a = process.env['A']"],
    ['another environment', `${SERVER}/app/a.ts`, 'export const a = (ask: { env: string }) => ask.env'],
    [
      'a file that adds to what it passes on',
      `${SERVER}/app/a.ts`,
      "export * from './b.ts'\nexport const a = 1",
    ],
  ])('allow %s', (_name, path, source) => {
    expect(violationsOf(path, source)).toEqual([])
  })

  test("allow a package's entry that only re-exports", () => {
    const entry = parseSource('packages/core/src/index.ts', "export * from './a.ts'")
    expect(houseViolations([entry], ['packages/core/src/index.ts'])).toEqual([])
    expect(houseViolations([entry], [])).toHaveLength(1)
  })

  test('refuse the name of a package registry in any file', () => {
    const host = ['registry', 'example', 'org'].join('.')
    expect(registryViolations([{ path: '.npmrc', text: `registry=https://${host}/` }])).toHaveLength(1)
    expect(
      registryViolations([{ path: 'README.md', text: 'It comes from the npm registry. Then more.' }]),
    ).toEqual([])
  })
})

describe('the rules of the dashboard', () => {
  const DASHBOARD = 'packages/dashboard/src'
  const violations = (path: string, source: string): string[] =>
    dashboardViolations([parseSource(`${DASHBOARD}/${path}`, source)])

  test.each([
    ['a request of its own', 'pages/a/a.tsx', "export const a = () => fetch('/v1')"],
    ['a client of its own', 'pages/a/a.ts', "import { createClient } from '@sallyport/sdk'"],
    ['something kept in the browser', 'pages/a/a.ts', "localStorage.setItem('a', 'b')"],
    ['a clipboard of its own', 'pages/a/a.ts', "export const a = () => navigator.clipboard.writeText('b')"],
    ['a text in a component', 'pages/a/a.tsx', 'export const a = () => <p>Hello</p>'],
    ['a text in an attribute', 'pages/a/a.tsx', 'export const a = () => <p aria-label="Hello" />'],
    ['a colour in a program', 'parts/a.tsx', "export const a = '#10657c'"],
  ])('refuse %s', (_name, path, source) => {
    expect(violations(path, source)).not.toEqual([])
  })

  test.each([
    ['the one client', 'data/sallyport.ts', "import { createClient } from '@sallyport/sdk'"],
    ['the one way to copy', 'parts/copying/copy-text.ts', "navigator.clipboard.writeText('b')"],
    ['a text of the catalogue', 'texts/a.ts', "export const a = { title: 'Hello' }"],
    ['signs between texts', 'pages/a/a.tsx', 'export const a = () => <p>{one}, {two}</p>'],
    ['a class and a type', 'pages/a/a.tsx', 'export const a = () => <a className="name" type="button" />'],
  ])('allow %s', (_name, path, source) => {
    expect(violations(path, source)).toEqual([])
  })

  test('refuse a colour in a style sheet, except in the theme', () => {
    const sheet = (path: string, text: string) => styleViolations({ path: `${DASHBOARD}/${path}`, text })
    expect(sheet('parts/a.module.css', '.a { color: #fff; }')).toHaveLength(1)
    expect(sheet('parts/a.module.css', '.a { color: rgb(0 0 0 / 0.5); }')).toHaveLength(1)
    expect(sheet('parts/a.module.css', '.a { color: var(--text); }')).toEqual([])
    expect(sheet('theme/tokens.css', '.a { color: #fff; }')).toEqual([])
  })
})
