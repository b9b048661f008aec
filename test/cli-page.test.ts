import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linkedClone } from './support/linked-clone.ts'
import { commandBlocks, runPasted } from './support/pasted-commands.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const ROOT = join(import.meta.dirname, '..')

test('the commands of docs/cli.md work when pasted', async () => {
  const blocks = commandBlocks(readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8'), 'cli')
  expect(blocks).toHaveLength(8)
  await using folder = await temporaryFolder()
  const clone = await linkedClone(folder.path)
  await using server = await startServerProcess({ SALLYPORT_DATA: join(folder.path, 'data') })
  const outputs = await runPasted(
    blocks.map(({ commands }) => commands.replaceAll('http://127.0.0.1:8080', server.controlUrl)),
    { cwd: clone, env: { ...process.env, SALLYPORT_SETUP_TOKEN: server.setupToken } },
  )
  for (const [index, { shows, commands }] of blocks.entries())
    expect(outputs[index], commands).toContain(shows)
})
