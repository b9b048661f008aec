import { readFileSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { caddyProgram } from './services/caddy.ts'
import { freePort } from './services/free-port.ts'
import { openTestDatabase } from './services/postgres.ts'
import { commandBlocks, runPasted } from './support/pasted-commands.ts'
import { temporaryFolder } from './support/server-process.ts'

const ROOT = join(import.meta.dirname, '..')
const PAGE = readFileSync(join(ROOT, 'docs', 'fleet.md'), 'utf8')
/** The ports of the page, each as a text with only these digits in common. */
const PORTS = ['8090', '8180'] as const
/** The ports of both control nodes and both gateways, without their last digit. */
const PAIRS = ['809', '818'] as const

test('every command of docs/fleet.md is pasted', () => {
  const commands = PAGE.match(/^ *```sh$/gm)
  expect(commandBlocks(PAGE, 'fleet')).toHaveLength(commands?.length ?? 0)
})

test('the commands of docs/fleet.md work when pasted', { timeout: 300_000 }, async () => {
  await using folder = await temporaryFolder()
  await using database = await openTestDatabase()
  const caddy = await caddyProgram()
  const programs = join(folder.path, 'programs')
  await mkdir(programs)
  const environment = Object.entries(caddy.env).map(([name, value]) => `${name}='${value}' `)
  await writeFile(join(programs, 'caddy'), `#!/bin/sh\n${environment.join('')}exec '${caddy.path}' "$@"\n`)
  await chmod(join(programs, 'caddy'), 0o755)

  const replaced: [string, string][] = [
    ['$HOME/sallyport-fleet', join(folder.path, 'fleet')],
    ['postgres://sallyport:secret@127.0.0.1:5432/sallyport', database.url],
  ]
  for (const port of PORTS) replaced.push([port, String(await freePort())])
  for (const pair of PAIRS) {
    const ports = [await freePort(), await freePort()]
    for (const [index, port] of ports.entries()) replaced.push([`${pair}${index + 1}`, String(port)])
    // The functions make the port of the number of a node.
    replaced.push([`${pair}$1`, `$(test $1 = 1 && echo ${ports.join(' || echo ')})`])
  }
  const here = (text: string): string =>
    replaced.reduce((now, [documented, actual]) => now.replaceAll(documented, () => actual), text)

  const steps = commandBlocks(PAGE, 'fleet')
  const outputs = await runPasted(
    steps.map(({ commands }) => here(commands)),
    {
      cwd: ROOT,
      env: {
        HOME: folder.path,
        // npm's own Node.js may be older than the one that runs the server.
        PATH: [programs, dirname(process.execPath), process.env['PATH']].join(':'),
        XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? '', '.cache'),
      },
    },
  )
  for (const [index, { commands, shows }] of steps.entries()) {
    expect(outputs[index], commands).toContain(here(shows))
    expect(outputs[index], commands).not.toContain('"code":"internal"')
  }
})
