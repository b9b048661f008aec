import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from './support/server-process.ts'
import { SERVER_PROGRAM } from './support/server-program.ts'

function run(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SERVER_PROGRAM, ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test.each([['help'], ['--help'], ['-h'], ['serve', '--help']])('%s %s shows the commands', (...args) => {
  const shown = run(...args)
  expect(shown).toMatchObject({ status: 0, stderr: '' })
  expect(shown.stdout).toMatch(/^Usage: .*COMMAND\n[^]*\n {2}serve {3}/)
})

test.each([[[]], [['nonsense']], [['demo', 'more']], [['constructor']]])(
  'the arguments %j are an error with the same text',
  (args) => {
    expect(run(...args)).toMatchObject({ status: 2, stdout: '' })
    expect(run(...args).stderr).toMatch(
      args.length === 0 ? /^Usage: / : `There is no command "${args.join(' ')}".\n\nUsage: `,
    )
  },
)

test.each([
  [['serve', 'more'], "Unexpected argument 'more'"],
  [['serve', '--role', 'none'], 'There is no role "none".'],
  [['enrol'], 'Name the gateways'],
  [['enrol', 'edge', '--uses', '0'], '--uses: Use a whole number from 1 to 10000.'],
  [['remove-gateway', 'edge'], 'Usage: npm run -s admin -- remove-gateway ID'],
])('the arguments %j are explained', (args, message) => {
  const shown = run(...args)
  expect(shown).toMatchObject({ status: 2, stdout: '' })
  expect(shown.stderr).toContain(message)
  expect(shown.stderr).toContain('Usage: npm ')
})

describe('a Node.js that is too old', () => {
  const inVersion = (version: string): ReturnType<typeof run> => {
    const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(versions)}`, SERVER_PROGRAM, 'help'],
      { encoding: 'utf8' },
    )
    return { status, stdout, stderr }
  }

  test.each(['20.20.2', '24.6.9'])('is named: %s', (version) => {
    const { status, stdout, stderr } = inVersion(version)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toBe(
      `Sallyport needs Node.js 24.7 or later, and this is Node.js ${version} (${process.execPath}). ` +
        'Install a newer one. In a clone of the repository, the npm scripts fetch one.\n',
    )
  })

  test.each(['24.7.0', '25.0.0', '100.0.0'])('is not %s', (version) => {
    expect(inVersion(version)).toMatchObject({ status: 0, stderr: '' })
  })

  test('has to parse nothing but the check', () => {
    expect(readFileSync(SERVER_PROGRAM, 'utf8')).not.toMatch(/^(import|export) /m)
  })
})

test('a copy without all files says which one is missing', async () => {
  await using folder = await temporaryFolder()
  const root = join(import.meta.dirname, '..')
  const server = join(folder.path, 'packages', 'server')
  await mkdir(server, { recursive: true })
  await cp(join(root, 'packages', 'server', 'dist'), join(server, 'dist'), { recursive: true })
  await cp(join(root, 'packages', 'server', 'package.json'), join(server, 'package.json'))
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'))
  const { status, stderr } = spawnSync(process.execPath, [join(server, 'dist', 'main.js'), 'serve'], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      SALLYPORT_DATA: join(folder.path, 'data'),
      SALLYPORT_PORT: '0',
      SALLYPORT_GATEWAY_PORT: '0',
    },
  })
  expect(status).toBe(1)
  expect(stderr).toMatch(
    /its file \S+\/packages\/server\/src\/control\/pages\/\S+ cannot be read: it does not exist \(ENOENT\)/,
  )
  expect(stderr).toContain('Copy the whole folder as it is after `npm ci` and `npm run build`.')
})
