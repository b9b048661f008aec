import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from './services/free-port.ts'
import { linkedClone } from './support/linked-clone.ts'
import { commandBlocks, runPasted } from './support/pasted-commands.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const ROOT = join(import.meta.dirname, '..')

test('the commands of docs/sdk.md work when pasted', async () => {
  const blocks = commandBlocks(readFileSync(join(ROOT, 'docs', 'sdk.md'), 'utf8'), 'sdk')
  expect(blocks.map(({ shows }) => shows)).toEqual([
    'sp_sk_',
    '"state": "active"',
    'mobile-app active',
    'sp_sk_',
    'Hello mobile-app',
    '/pets/{petId}',
  ])
  await using folder = await temporaryFolder()
  const clone = await linkedClone(folder.path)
  await using server = await startServerProcess({ SALLYPORT_DATA: join(folder.path, 'data') })
  const port = await freePort()
  const outputs = await runPasted(
    blocks.map(({ commands }) =>
      commands
        .replaceAll('http://127.0.0.1:8080', server.controlUrl)
        .replaceAll('http://127.0.0.1:8081', server.gatewayUrl)
        .replaceAll('3000', String(port)),
    ),
    { cwd: clone, env: { ...process.env, SALLYPORT_SETUP_TOKEN: server.setupToken } },
  )
  for (const [index, { shows, commands }] of blocks.entries())
    expect(outputs[index], commands).toContain(shows)
  expect(outputs[blocks.length - 2]).toContain('"code":"credential_missing"')
  expect(outputs[blocks.length - 1]).toContain('/paths/~1pets~1{petId}/trace')
})
