import { readFileSync } from 'node:fs'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandBlocks, runPasted } from './support/pasted-commands.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const ROOT = join(import.meta.dirname, '..')

test('the commands of docs/cli.md work when pasted', async () => {
  const blocks = commandBlocks(readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8'), 'cli')
  expect(blocks).toHaveLength(8)
  await using folder = await temporaryFolder()
  // The commands write files, so they run beside the repository and not in it.
  const clone = join(folder.path, 'clone')
  await mkdir(clone)
  for (const part of ['packages', 'node_modules', 'package.json'])
    await symlink(join(ROOT, part), join(clone, part))
  await cp(join(ROOT, 'scripts'), join(clone, 'scripts'), { recursive: true })
  await using server = await startServerProcess({ SALLYPORT_DATA: join(folder.path, 'data') })
  const outputs = await runPasted(
    blocks.map(({ commands }) => commands.replaceAll('http://127.0.0.1:8080', server.controlUrl)),
    { cwd: clone, env: { ...process.env, SALLYPORT_SETUP_TOKEN: server.setupToken } },
  )
  for (const [index, { shows, commands }] of blocks.entries())
    expect(outputs[index], commands).toContain(shows)
})
