import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSettings } from '../packages/server/src/config/settings.ts'
import { ROLES } from '../packages/server/src/config/role-settings.ts'
import { NODE_VERSION } from '../scripts/node/distributions.mjs'
import { startFirstProcess } from './deploy/first-process.ts'
import { npmLinters } from './services/npm-linters.ts'
import { run } from './services/programs.ts'
import { systemdAnalyzeProgram } from './services/systemd.ts'
import { temporaryFolder } from './support/server-process.ts'

/* The files of deploy/: linters read them, and what they name exists. test/kubernetes.test.ts has those of the chart. */

const ROOT = join(import.meta.dirname, '..')
const DEPLOY = join(ROOT, 'deploy')

function read(...path: readonly string[]): string {
  return readFileSync(join(DEPLOY, ...path), 'utf8')
}

function filesOf(folder: string, end: string): readonly string[] {
  return readdirSync(join(DEPLOY, folder)).filter((name) => name.endsWith(end))
}

/** The settings that do not exist among those that a text names. */
function unknownSettings(text: string): readonly string[] {
  const named = [...new Set(text.match(/\bSALLYPORT_[A-Z_]+/g))]
  const { problems } = readSettings(Object.fromEntries(named.map((name) => [name, 'any'])))
  // A known setting with a wrong value has a problem too, which says what a right one is.
  return problems
    .filter(({ message }) => message.includes('There is no such setting'))
    .map(({ variable }) => variable)
}

test('the files name only settings that there are', () => {
  expect(unknownSettings('SALLYPORT_DATA SALLYPORT_DATE')).toEqual(['SALLYPORT_DATE'])
  const files = readdirSync(DEPLOY, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  expect(files.length).toBeGreaterThan(10)
  for (const { parentPath, name } of files)
    expect(unknownSettings(readFileSync(join(parentPath, name), 'utf8')), name).toEqual([])
})

describe('systemd', () => {
  const units = filesOf('systemd', '.service')
  const analyze = async (...args: readonly string[]): Promise<string> => {
    const { path, env } = await systemdAnalyzeProgram()
    return await run(path, args, { env: { ...process.env, ...env } })
  }
  /** The greatest exposure that `systemd-analyze security` may find, in tenths: 0 is the best, 100 the worst. */
  const EXPOSURE_MAX = 13

  test.each(units)('%s is valid, and the service is confined', async (name) => {
    await using folder = await temporaryFolder()
    // The program may be elsewhere on this machine, and a linter reads the unit alone.
    const unit = join(folder.path, name)
    await writeFile(unit, read('systemd', name).replaceAll('/usr/bin/node', process.execPath))
    await analyze('verify', '--man=no', unit)
    await analyze('security', '--offline=true', `--threshold=${EXPOSURE_MAX}`, unit)
    await writeFile(unit, read('systemd', name).replace('ProtectSystem=strict', 'ProtectSystem=strictly'))
    await expect(analyze('security', '--offline=true', `--threshold=${EXPOSURE_MAX}`, unit)).rejects.toThrow(
      'exposure level',
    )
  })

  test.each(units)('%s starts a program and reads settings that exist', (name) => {
    const unit = read('systemd', name)
    const [, program = '', role] =
      /^ExecStart=\/usr\/bin\/node (\S+) serve(?: --role (\S+))?$/m.exec(unit) ?? []
    expect(existsSync(join(ROOT, program))).toBe(true)
    expect(ROLES).toContain(role ?? 'all')
    const [, settings = ''] = /^EnvironmentFile=-\/etc\/sallyport\/(\S+)$/m.exec(unit) ?? []
    const lines = read('systemd', settings)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(lines.filter((line) => !/^SALLYPORT_[A-Z_]+=\S*$/.test(line))).toEqual([])
    const values = Object.fromEntries(lines.map((line) => line.split(/=(.*)/, 2)))
    expect(readSettings(values as Record<string, string>).problems).toEqual([])
  })
})

describe('the Containerfile', () => {
  const file = read('container', 'Containerfile')

  test('has no mistakes that its linter knows', async () => {
    const { validate } = (await npmLinters())('dockerfile-utils') as {
      readonly validate: (text: string) => readonly { readonly message: string }[]
    }
    expect(validate(file)).toEqual([])
    expect(validate(file.replace('USER', 'USR'))).toHaveLength(1)
  })

  test('uses the pinned Node.js, copies what exists and runs as another user than root', () => {
    const images = [...file.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
    expect(new Set(images)).toEqual(new Set([`docker.io/library/node:${NODE_VERSION}-trixie-slim`]))
    const copied = [...file.matchAll(/^COPY (?!--from=libraries)(?:--from=build )?(.*) \S+$/gm)]
      .flatMap(([, sources = '']) => sources.split(' '))
      .map((source) => source.replace(/^\/src\//, ''))
    expect(copied.length).toBeGreaterThan(8)
    expect(copied.filter((source) => !existsSync(join(ROOT, source)))).toEqual([])
    expect(file).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m)
  })

  test('leaves a program that starts, with the libraries alone that its stage installs', async () => {
    await using folder = await temporaryFolder()
    const stage = /^FROM \S+ AS libraries\n(.*?)\nFROM /ms.exec(file)?.[1] ?? ''
    for (const [, sources = ''] of stage.matchAll(/^COPY (.*) \S+$/gm))
      for (const source of sources.split(' ')) {
        await mkdir(dirname(join(folder.path, source)), { recursive: true })
        await cp(join(ROOT, source), join(folder.path, source))
      }
    const [, install = ''] = /^RUN (npm ci .*)$/m.exec(stage) ?? []
    await run('sh', ['-c', install], { cwd: folder.path })
    const program = join(folder.path, 'packages', 'server')
    for (const part of ['server/dist', 'server/src', 'dashboard/dist'])
      await cp(join(ROOT, 'packages', part), join(folder.path, 'packages', part), { recursive: true })
    const help = await run(process.execPath, [join(program, 'dist', 'main.js'), 'help'])
    expect(help).toContain('--role all|control|gateway')

    await using data = await temporaryFolder()
    await using server = await startFirstProcess(
      [process.execPath, join('packages', 'server', 'dist', 'main.js'), 'serve'],
      folder.path,
      { SALLYPORT_DATA: data.path },
    )
    for (const path of ['/', '/docs/', '/docs/js/scalar.js', '/readyz'])
      expect((await fetch(server.controlUrl + path)).status, path).toBe(200)
    expect(await server.stop('SIGTERM')).toBe(0)
  })
})
