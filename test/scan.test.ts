import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tokenHint } from '@sallyport/core'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { miscopied, sampleToken } from '../packages/scan/src/testing/sample-tokens.ts'
import { dayDate, git, importCommits } from './scan/git-repository.ts'
import { type PlantedToken, plantRepository } from './scan/planted-repository.ts'
import { jsonOf, placeSummary, scan, type ScanResult, textOf } from './scan/scan-process.ts'
import sarifSchema from './scan/sarif-2.1.0.schema.json' with { type: 'json' }

/** Fails if a text has a whole token or most of its secret, in any spelling of the characters around it. */
function expectNoToken(text: string, tokens: Iterable<string>): void {
  for (const token of tokens) {
    const secret = token.slice(23, 55)
    for (const part of [secret.slice(0, 8), secret.slice(8, 16), secret.slice(16, 24)]) {
      expect(text.includes(part), `part of the secret of ${tokenHint(token)} is printed`).toBe(false)
    }
  }
}

/** Where tokens were found, by their hints. */
function foundPlaces(result: ScanResult): Record<string, string[]> {
  return Object.fromEntries(
    jsonOf(result).finds.map(({ hint, places }) => [hint, places.map(placeSummary).toSorted()]),
  )
}

describe('a repository of 10,000 files with 200 tokens', () => {
  let folder: string
  let planted: readonly PlantedToken[]
  let json: ScanResult
  let text: ScanResult

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-scan-'))
    planted = plantRepository(folder)
    json = await scan(folder, ['--json', '--sarif', '.git/report.sarif', '.'])
    text = await scan(folder, ['.'])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('has all of them found, each in every place, and nothing else', () => {
    expect(planted).toHaveLength(200)
    const expected = planted.map(({ token, places }) => [tokenHint(token), places.toSorted()])
    expect(foundPlaces(json)).toEqual(Object.fromEntries(expected))
    expect(json).toMatchObject({ status: 1, stderr: '' })
    expect(jsonOf(json).files).toBeGreaterThan(10_000)
    expect(jsonOf(json).objects).toBeGreaterThan(10_000)
  })

  test('has each of them in the report for people', () => {
    expect(text).toMatchObject({ status: 1, stderr: '' })
    const heads = text.stdout.split('\n').filter((line) => line.startsWith('leak: '))
    expect(heads).toHaveLength(200)
    expect(heads.toSorted()).toEqual(
      planted
        .map(({ token }) => `leak: secret key key_${token.slice(6, 22)}: ${tokenHint(token)}`)
        .toSorted(),
    )
    expect(text.stdout).toMatch(/\n200 tokens of secret keys in [\d,]+ files, [\d,]+ git objects, [\d.]+ MB /)
  })

  test('has a result of SARIF 2.1.0 for each place', () => {
    const report: unknown = JSON.parse(textOf(folder, '.git', 'report.sarif'))
    const { $schema: _dialect, id: _id, ...schema } = sarifSchema
    const ajv = new Ajv({ strict: false, unicodeRegExp: false })
    formats.default(ajv)
    const validate = ajv.compile(schema)
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
    const { runs } = report as { runs: { results: { level: string; ruleId: string }[] }[] }
    const results = runs.flatMap((run) => run.results)
    expect(results).toHaveLength(planted.flatMap(({ places }) => places).length)
    expect(new Set(results.map(({ level, ruleId }) => `${level} ${ruleId}`))).toEqual(
      new Set(['error sallyport-secret-key']),
    )
    expect(validate({ ...(report as object), version: '2.0.0' })).toBe(false)
  })

  test('has none of them printed', () => {
    const outputs = [json, text].flatMap(({ stdout, stderr }) => [stdout, stderr])
    outputs.push(textOf(folder, '.git', 'report.sarif'))
    for (const output of outputs) {
      expectNoToken(
        output,
        planted.map(({ token }) => token),
      )
    }
  })
})

describe('scan', () => {
  const TOKEN = sampleToken(1)
  const OTHER = sampleToken(2)
  const PUBLIC = sampleToken(3, 'public')
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-scan-'))
    return () => rmSync(folder, { recursive: true, force: true })
  })

  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const places = async (...args: readonly string[]) => foundPlaces(await scan(folder, ['--json', ...args]))
  const initialize = (path = '.'): void => {
    git(join(folder, path), 0, ['init', '--quiet', '--initial-branch=main'])
  }

  test('exits with 0 if there is no token', async () => {
    write('a.txt', `key=${miscopied(TOKEN)}`)
    expect(await scan(folder, ['.'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^no tokens of secret keys in 1 file, 0\.0 MB \(/),
      stderr: '',
    })
  })

  test('finds tokens in a folder that is no repository, and in its subfolders', async () => {
    write('a/b/c.bin', Buffer.concat([Buffer.from([0, 1, 255]), Buffer.from(TOKEN)]))
    write('d.txt', Buffer.from(`\uFEFFone\n"${OTHER}"`, 'utf16le'))
    expect(await places('.')).toEqual({
      [tokenHint(TOKEN)]: ['file a/b/c.bin:1:4'],
      [tokenHint(OTHER)]: ['file d.txt:2:2'],
    })
    expect(await places('a')).toEqual({ [tokenHint(TOKEN)]: ['file a/b/c.bin:1:4'] })
    expect(await places(join(folder, 'd.txt'))).toEqual({ [tokenHint(OTHER)]: [`file ${folder}/d.txt:2:2`] })
  })

  test('reports the token of a public key as a note', async () => {
    write('a.js', `key = '${PUBLIC}'`)
    expect(await scan(folder, ['.'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(`^note: public key key_${PUBLIC.slice(6, 22)}: .*\n  a.js:1:8\n`),
    })
    expect((await scan(folder, ['--public', '.'])).status).toBe(1)
    expect((await scan(folder, ['--sarif', 'report', '.'])).status).toBe(0)
    expect(textOf(folder, 'report')).toContain('"level": "note"')
  })

  test('leaves out the keys that --except names', async () => {
    write('a', `${TOKEN} ${OTHER}`)
    const id = `key_${TOKEN.slice(6, 22)}`
    expect(await places('--except', id, '.')).toEqual({ [tokenHint(OTHER)]: ['file a:1:63'] })
    expect((await scan(folder, ['--except', id, '--except', `key_${OTHER.slice(6, 22)}`, '.'])).status).toBe(
      0,
    )
  })

  test('leaves out files that .gitignore excludes, unless asked', async () => {
    initialize()
    write('.gitignore', '.env\nbuilt/\n')
    write('.env', `KEY=${TOKEN}`)
    write('built/a.js', `'${OTHER}'`)
    expect(await places('.')).toEqual({})
    expect(await places('--ignored', '.')).toEqual({
      [tokenHint(TOKEN)]: ['file .env:1:5'],
      [tokenHint(OTHER)]: ['file built/a.js:1:2'],
    })
    // A file that was named is read in any case.
    expect(await places('.env')).toEqual({ [tokenHint(TOKEN)]: ['file .env:1:5'] })
    git(folder, 0, ['add', '--force', '.env'])
    expect(await places('.')).toMatchObject({ [tokenHint(TOKEN)]: ['file .env:1:5', 'staged file .env:1:5'] })
  })

  test('finds the same in a bare repository, in a second working tree, and below a folder of them', async () => {
    const repository = join(folder, 'one')
    mkdirSync(repository)
    initialize('one')
    importCommits(repository, [
      { branch: 'main', day: 0, message: 'a', files: new Map([['a', TOKEN]]) },
      { branch: 'main', day: 1, message: 'b', removed: ['a'] },
    ])
    git(repository, 0, ['clone', '--quiet', '--bare', '.', '../copy.git'])
    git(repository, 0, ['worktree', 'add', '--quiet', '--detach', '../second', 'main'])
    const committed = (path: string): string => `committed file ${path}/a:1:1 ${dayDate(0)} +0`
    for (const path of ['one', 'copy.git', 'second', 'one/.git']) {
      expect(await places(path)).toEqual({ [tokenHint(TOKEN)]: [committed(path)] })
    }
    expect(await places('.')).toEqual({ [tokenHint(TOKEN)]: ['copy.git', 'one', 'second'].map(committed) })
  })

  test('finds tokens in submodules, with their histories', async () => {
    mkdirSync(join(folder, 'inner'))
    mkdirSync(join(folder, 'outer'))
    initialize('inner')
    initialize('outer')
    importCommits(join(folder, 'inner'), [
      { branch: 'main', day: 0, message: 'a', files: new Map([['a', TOKEN]]) },
      { branch: 'main', day: 1, message: 'b', files: new Map([['a', `new ${OTHER}`]]) },
    ])
    const add = ['submodule', '--quiet', 'add', `file://${folder}/inner`, 'sub']
    git(join(folder, 'outer'), 0, ['-c', 'protocol.file.allow=always', ...add])
    expect(await places('outer')).toEqual({
      [tokenHint(TOKEN)]: [`committed file outer/sub/a:1:1 ${dayDate(0)} +0`],
      [tokenHint(OTHER)]: [`committed file outer/sub/a:1:5 ${dayDate(1)} +0`, 'file outer/sub/a:1:5'],
    })
  })

  test('names the oldest commit of a file, though others were stored first', async () => {
    initialize()
    const files = new Map([['a', TOKEN]])
    importCommits(folder, [
      { branch: 'late', day: 9, message: 'late', files },
      { branch: 'early', day: 2, message: 'early', files },
      { branch: 'main', day: 5, message: 'middle', files },
    ])
    expect(await places('.git')).toEqual({
      [tokenHint(TOKEN)]: [`committed file .git/a:1:1 ${dayDate(2)} +2`],
    })
  })

  test('scans the repository that was named, also in a hook of another one', async () => {
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name))
      initialize(name)
    }
    importCommits(join(folder, 'one'), [{ branch: 'main', day: 0, message: TOKEN }])
    importCommits(join(folder, 'two'), [{ branch: 'main', day: 0, message: OTHER }])
    const env = { GIT_DIR: join(folder, 'one', '.git'), GIT_WORK_TREE: join(folder, 'one') }
    expect(Object.keys(foundPlaces(await scan(folder, ['--json', 'two'], env)))).toEqual([tokenHint(OTHER)])
  })

  test('runs no program that the settings of a repository name', async () => {
    initialize()
    write('a', TOKEN)
    write('monitor', `#!/bin/sh\ntouch ${folder}/ran\n`)
    execFileSync('chmod', ['+x', join(folder, 'monitor')])
    git(folder, 0, ['add', 'a'])
    git(folder, 0, ['config', 'core.fsmonitor', join(folder, 'monitor')])
    // git itself runs it.
    git(folder, 0, ['status'])
    rmSync(join(folder, 'ran'))
    expect(await places('.')).not.toEqual({})
    expect(() => textOf(folder, 'ran')).toThrow('ENOENT')
  })

  test('runs no program for the signature of a commit', async () => {
    initialize()
    write('gpg', `#!/bin/sh\ntouch ${folder}/ran\n`)
    execFileSync('chmod', ['+x', join(folder, 'gpg')])
    git(folder, 0, ['config', 'gpg.program', join(folder, 'gpg')])
    git(folder, 0, ['config', 'log.showSignature', 'true'])
    const tree = git(folder, 0, ['mktree']).trim()
    const person = 'Ada <ada@example.com> 1767225600 +0000'
    const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----'
    const commit = `tree ${tree}\nauthor ${person}\ncommitter ${person}\n${signature}\n\n${TOKEN}\n`
    const id = git(folder, 0, ['hash-object', '-t', 'commit', '-w', '--stdin'], commit).trim()
    // git itself runs it.
    git(folder, 0, ['log', id])
    rmSync(join(folder, 'ran'))
    expect(await places('.')).toEqual({ [tokenHint(TOKEN)]: [`commit ${dayDate(0)} 9`] })
    expect(() => textOf(folder, 'ran')).toThrow('ENOENT')
  })

  test('scans the files of a repository that git refuses, and not a repository around it', async () => {
    initialize()
    importCommits(folder, [{ branch: 'main', day: 0, message: TOKEN }])
    mkdirSync(join(folder, 'sub/.git'), { recursive: true })
    write('sub/a/b', OTHER)
    const { status, stdout, stderr } = await scan(folder, ['sub'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/^sub: its history cannot be read: fatal: not a git repository/)
    expect(stdout).toContain('\n  sub/a/b:1:1\n1 token of a secret key in 1 file,')
  })

  test('says that the history of a repository around a folder is not scanned', async () => {
    initialize()
    write('sub/a', TOKEN)
    const { status, stdout, stderr } = await scan(folder, ['sub'])
    expect(status).toBe(1)
    expect(stdout).toContain('sub/a:1:1')
    expect(stderr).toBe(
      `sub is inside a repository: its files are scanned, but no history. Scan ${folder}.\n`,
    )
  })

  test.each([
    ['shallow', ['--depth', '1'], 'the commits before its first one are not scanned'],
    ['partial', ['--filter', 'blob:none'], 'files that were not fetched yet are not scanned'],
  ])('says what is missing in a %s clone, and fetches nothing', async (kind, options, missing) => {
    mkdirSync(join(folder, 'whole'))
    initialize('whole')
    importCommits(join(folder, 'whole'), [
      { branch: 'main', day: 0, message: 'a', files: new Map([['a', TOKEN]]) },
      { branch: 'main', day: 1, message: OTHER, removed: ['a'] },
    ])
    git(join(folder, 'whole'), 0, ['config', 'uploadpack.allowFilter', 'true'])
    git(folder, 0, ['clone', '--quiet', ...options, `file://${folder}/whole`, 'clone'])
    const result = await scan(folder, ['--json', 'clone'])
    expect(Object.keys(foundPlaces(result))).toEqual([tokenHint(OTHER)])
    expect(result.stderr.startsWith(`clone is a ${kind} clone: ${missing}. `)).toBe(true)
    expect(foundPlaces(await scan(folder, ['--json', 'whole']))).toHaveProperty([tokenHint(TOKEN)])
  })

  test('finds tokens in a repository with SHA-256 ids', async () => {
    git(folder, 0, ['init', '--quiet', '--object-format=sha256', '--initial-branch=main'])
    importCommits(folder, [{ branch: 'main', day: 0, message: 'a', files: new Map([['a', TOKEN]]) }])
    expect(await places('.')).toEqual({ [tokenHint(TOKEN)]: [`committed file a:1:1 ${dayDate(0)} +0`] })
  })

  test('reads names of files that are not UTF-8, and prints no control characters', async () => {
    const name = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff, 0x1b, 0x5b])])
    writeFileSync(name, TOKEN)
    expect((await scan(folder, ['.'])).stdout).toContain('\n  a\uFFFD\\x1b[:1:1\n')
    initialize()
    expect((await scan(folder, ['.'])).stdout).toContain('\n  a\uFFFD\\x1b[:1:1\n')
  })

  test('follows no link in a folder, but one that is named', async () => {
    write('away/a', TOKEN)
    mkdirSync(join(folder, 'links'))
    symlinkSync(join(folder, 'away/a'), join(folder, 'links/file'))
    symlinkSync(join(folder, 'away'), join(folder, 'links/folder'))
    expect(await places('links')).toEqual({})
    expect(await places('links/file')).toEqual({ [tokenHint(TOKEN)]: ['file links/file:1:1'] })
    expect(await places('links/folder')).toEqual({ [tokenHint(TOKEN)]: ['file links/folder/a:1:1'] })
  })

  test('reads a pipe to its end', async () => {
    const main = join(import.meta.dirname, '../packages/scan/src/main.ts')
    const command = `(printf 'one\\n'; sleep 0.1; printf %s "$TOKEN") | "$NODE" "$MAIN" --json /dev/stdin`
    const { stdout } = spawnSync('sh', ['-c', command], {
      env: { ...process.env, NODE: process.execPath, MAIN: main, TOKEN },
      encoding: 'utf8',
    })
    expect(JSON.parse(stdout)).toMatchObject({
      finds: [{ places: [{ path: '/dev/stdin', line: 2, column: 1 }] }],
    })
  })

  test('goes on after what it cannot read, names it, and exits with 2', async () => {
    initialize()
    const files = new Map([['a', TOKEN]])
    importCommits(folder, [{ branch: 'main', day: 0, message: 'a', files }])
    const tree = git(folder, 0, ['rev-parse', 'main^{tree}']).trim()
    const object = join(folder, '.git/objects', tree.slice(0, 2), tree.slice(2))
    chmodSync(object, 0o644)
    writeFileSync(object, 'wrong')
    write('b', OTHER)
    const { status, stdout, stderr } = await scan(folder, ['--sarif', '.git/report', 'missing', '.'])
    expect(status).toBe(2)
    expect(stdout).toContain('\n  b:1:1\n')
    // Without its folder, the file of the commit has no name.
    expect(stdout).toContain(`${tokenHint(TOKEN)}\n  ., blob `)
    expect(stderr).toContain('missing cannot be read: ENOENT.\n')
    expect(stderr).toContain(`.: git cannot read its object ${tree}.\n.: its history cannot be read: `)
    expect(textOf(folder, '.git', 'report')).toContain('"executionSuccessful": false')
  })

  test.each([
    ['no path', []],
    ['an unknown option', ['--all', '.']],
    ['a wrong id of a key', ['--except', 'key_1', '.']],
    ['a wrong URL of a server', ['--server', 'ftp://example.com', '.']],
    ['a server without a key', ['--server', 'http://127.0.0.1:1', '.']],
  ])('exits with 2 and explains itself for %s', async (_name, args) => {
    expect(await scan(folder, args)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/\n\nUsage: /),
    })
  })

  test('prints no token that was given by mistake', async () => {
    const { status, stderr } = await scan(folder, ['--except', TOKEN, TOKEN])
    expect(status).toBe(2)
    const others = [await scan(folder, [TOKEN]), await scan(folder, [`--${TOKEN}`])]
    expectNoToken(stderr + others.map((other) => other.stderr).join(''), [TOKEN])
  })

  test('prints no token that is the name of a folder, a file or a link', async () => {
    mkdirSync(join(folder, TOKEN))
    initialize(TOKEN)
    importCommits(join(folder, TOKEN), [{ branch: 'main', day: 0, message: OTHER }])
    git(join(folder, TOKEN), 0, ['clone', '--quiet', '--depth', '1', `file://${folder}/${TOKEN}`, OTHER])
    symlinkSync('missing', join(folder, OTHER))
    const paths = [TOKEN, join(TOKEN, OTHER), OTHER]
    const results = [await scan(folder, paths), await scan(folder, ['--json', '--sarif', 'report', ...paths])]
    const outputs = results.flatMap(({ stdout, stderr }) => [stdout, stderr])
    expect(results.map(({ status }) => status)).toEqual([2, 2])
    for (const output of [...outputs, textOf(folder, 'report')]) {
      expect(output).toContain(tokenHint(OTHER))
      expectNoToken(output, [TOKEN, OTHER])
    }
  })

  test('shows its options', async () => {
    expect(await scan(folder, ['--help'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Usage: /),
    })
  })

  test('cannot write a report to a folder that is missing', async () => {
    expect(await scan(folder, ['--sarif', 'missing/report', '.'])).toMatchObject({
      status: 2,
      stderr: 'missing/report cannot be written: ENOENT.\n',
    })
  })
})
