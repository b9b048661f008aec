import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandBlocks, runPasted } from './support/pasted-commands.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const ROOT = join(import.meta.dirname, '..')

test('the commands of docs/leaks.md work when pasted', async () => {
  const blocks = commandBlocks(readFileSync(join(ROOT, 'docs', 'leaks.md'), 'utf8'), 'leaks')
  expect(blocks.map(({ shows }) => shows)).toEqual([
    '',
    '',
    ', live: sp_sk_',
    ', deleted: sp_sk_',
    '"finds": []',
    '"onLeak":"switch-off"',
  ])
  await using folder = await temporaryFolder()
  await using server = await startServerProcess({ SALLYPORT_DATA: join(folder.path, 'data') })
  const outputs = await runPasted(
    blocks.map(({ commands }) => commands.replaceAll('http://127.0.0.1:8080', server.controlUrl)),
    { cwd: ROOT, env: { ...process.env, SALLYPORT_SETUP_TOKEN: server.setupToken, TMPDIR: folder.path } },
  )
  for (const [index, { shows, commands }] of blocks.entries())
    expect(outputs[index], commands).toContain(shows)
  expect(outputs[2]).toMatch(/^ {2}\S+\/key\.txt:1:1, commit [0-9a-f]{12} of \S+$/m)
  expect(outputs[4]).toContain('\nno leak\n')
})
