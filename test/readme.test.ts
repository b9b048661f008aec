import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandBlocks, type PastedCommands, runPasted } from './support/pasted-commands.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

const ROOT = join(import.meta.dirname, '..')

/** The code blocks of the README's tour. A comment before each block holds the expected output. */
function tour(): { readonly background: string; readonly steps: readonly PastedCommands[] } {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const [first, ...rest] = commandBlocks(text, 'tour')
  if (first?.shows !== 'background')
    throw new Error('the tour must begin with the block that starts the servers')
  return { background: first.commands, steps: rest }
}

/** Documents whose commands continue the tour, in the order in which a reader may paste them. */
const CONTINUED = ['access.md', 'pipelines.md', 'api.md'] as const

function continued(file: string): PastedCommands[] {
  return commandBlocks(readFileSync(join(ROOT, 'docs', file), 'utf8'), 'tour')
}

test.each(CONTINUED)('every command of docs/%s is pasted', (file) => {
  const commands = readFileSync(join(ROOT, 'docs', file), 'utf8').match(/^ *```sh$/gm)
  expect(continued(file).map(({ shows }) => shows === '')).toEqual(commands?.map(() => false))
})

test(
  'the commands of the README tour, and of the documents that continue it, work when pasted',
  { timeout: 180_000 },
  async () => {
    const { background, steps: first } = tour()
    expect(first.length).toBeGreaterThanOrEqual(8)
    const steps = [...first, ...[...CONTINUED, 'operations.md'].flatMap(continued)]
    await using folder = await temporaryFolder()
    await using upstream = await startEchoUpstream()
    // The settings of the first block, but on free ports, because 8080, 8081 and 9000 may be in use.
    const settings = Object.fromEntries(
      [...background.matchAll(/(SALLYPORT_[A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    )
    expect(Object.keys(settings)).toEqual(['SALLYPORT_SETUP_TOKEN', 'SALLYPORT_UPSTREAM_ALLOW'])
    await using server = await startServerProcess({ ...settings, SALLYPORT_DATA: folder.path })
    const onFreePorts = (commands: string): string =>
      commands
        .replaceAll('http://127.0.0.1:8080', server.controlUrl)
        .replaceAll('http://127.0.0.1:8081', server.gatewayUrl)
        .replaceAll('http://127.0.0.1:9000', upstream.url)

    const outputs = await runPasted(steps.map(({ commands }) => onFreePorts(commands)))
    for (const [index, step] of steps.entries()) {
      if (step.shows !== '') expect(outputs[index], step.commands).toContain(step.shows)
      expect(outputs[index], step.commands).not.toContain('"code":"internal"')
    }
  },
)

test('the upstream program of the tour has valid syntax', async () => {
  const script = /^node -e '(.*)' &$/m.exec(tour().background)?.[1]
  expect(script).toBeDefined()
  const check = spawnSync(process.execPath, ['--check', '-'], { input: script, encoding: 'utf8' })
  expect(check.stderr).toBe('')
})
