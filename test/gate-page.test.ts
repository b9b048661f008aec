import { readFileSync } from 'node:fs'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from './services/free-port.ts'
import { commandBlocks, runPasted } from './support/pasted-commands.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { SERVER_PROGRAM } from './support/server-program.ts'

const ROOT = join(import.meta.dirname, '..')

test('the commands of docs/gate.md work when pasted', async () => {
  const blocks = commandBlocks(readFileSync(join(ROOT, 'docs', 'gate.md'), 'utf8'), 'gate')
  expect(blocks.map(({ shows }) => shows)).toEqual(['sp_sk_', 'spe_', 'Hello mobile-app', '"role":"gate"'])
  await using folder = await temporaryFolder()
  // The commands write files, so they run beside the repository and not in it.
  const clone = join(folder.path, 'clone')
  await mkdir(clone)
  for (const part of ['packages', 'node_modules', 'package.json'])
    await symlink(join(ROOT, part), join(clone, part))
  await cp(join(ROOT, 'scripts'), join(clone, 'scripts'), { recursive: true })
  const data = join(folder.path, 'data')
  await using server = await startServerProcess({ SALLYPORT_DATA: data })
  const port = await freePort()
  const outputs = await runPasted(
    blocks.map(({ commands }) =>
      commands
        .replaceAll('http://127.0.0.1:8080', server.controlUrl)
        .replaceAll('3000', String(port))
        // Without the check whether the server is built.
        .replaceAll(
          'npm run -s admin --',
          `SALLYPORT_DATA='${data}' '${process.execPath}' '${SERVER_PROGRAM}'`,
        ),
    ),
    { cwd: clone, env: { ...process.env, SALLYPORT_SETUP_TOKEN: server.setupToken } },
  )
  for (const [index, { shows, commands }] of blocks.entries())
    expect(outputs[index], commands).toContain(shows)
  expect(outputs[2]).toContain('"code":"credential_missing"')
})
