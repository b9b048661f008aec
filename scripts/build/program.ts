import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { type BuiltFolder, builtFolder, ROOT } from './built-folder.ts'
import { checkedProgram } from './checked-program.ts'

/** The program that `main.js` starts, in the folder of the built files. */
const PROGRAM = 'program.js'

/** The command line with its libraries, in one file. */
export const CLI = programFolder('cli', ['packages/sdk/src'])

/** The search for tokens in repositories, in one file. */
export const SCAN = programFolder('scan', ['packages/core/src'])

/** A package whose `src/main.ts` is a program. @param uses the sources of other packages that it contains */
function programFolder(name: string, uses: readonly string[]): BuiltFolder {
  const folder = join(ROOT, 'packages', name)
  const sources = [
    'package-lock.json',
    `packages/${name}/src`,
    ...uses,
    'scripts/build',
    'scripts/node/distributions.mjs',
  ]
  return builtFolder(folder, sources, async (into) => {
    await using build = await rolldown({ input: join(folder, 'src', 'main.ts'), platform: 'node' })
    await build.write({ file: join(into, PROGRAM), format: 'esm', codeSplitting: false })
    await writeFile(join(into, 'main.js'), checkedProgram(PROGRAM), { mode: 0o755 })
  })
}
