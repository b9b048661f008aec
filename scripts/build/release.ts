import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ROOT } from './built-folder.ts'
import { DASHBOARD } from './dashboard.ts'
import { CLI, SCAN } from './program.ts'
import { SERVER } from './server.ts'

/** What the package holds, from the root of the repository: built files, and files that a program reads at run time. */
const CONTENTS = [
  'LICENSE',
  'packages/cli/dist',
  'packages/dashboard/dist',
  'packages/scan/dist',
  'packages/server/dist',
  'packages/server/src/control/pages/hand-over',
]
/** The manifests of packages, without which Node.js would take their JavaScript for CommonJS, and the server would know no version. */
const MANIFESTS = ['packages/cli', 'packages/dashboard', 'packages/scan', 'packages/server']
/** Libraries that are not in the bundle: expressions run in a process that may read nothing but this one. */
const LIBRARIES = ['jsonata']

interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/**
 * Makes the folder of the package `sallyport`: the command line, and the server with its pages, as they are in the repository after a build.
 *
 * @param into a folder that exists and is empty
 */
export async function assembleRelease(into: string): Promise<void> {
  for (const folder of [SERVER, DASHBOARD, CLI, SCAN]) if (!(await folder.isBuilt())) await folder.build()
  for (const path of CONTENTS) {
    await mkdir(dirname(join(into, path)), { recursive: true })
    await cp(join(ROOT, path), join(into, path), { recursive: true })
  }
  for (const folder of MANIFESTS) {
    const { name, version, license } = await manifestOf(folder)
    await write(join(into, folder, 'package.json'), { name, version, license, private: true, type: 'module' })
  }
  const server = await manifestOf('packages/server')
  const { name, version, description, license } = await manifestOf('.')
  await write(join(into, 'package.json'), {
    name,
    version,
    description,
    license,
    type: 'module',
    engines: { node: '>=24.7' },
    bin: { sallyport: 'packages/cli/dist/main.js' },
    dependencies: Object.fromEntries(LIBRARIES.map((library) => [library, server.dependencies?.[library]])),
    // So that the package installs without a registry.
    bundleDependencies: LIBRARIES,
  })
  for (const library of LIBRARIES)
    await cp(join(ROOT, 'node_modules', library), join(into, 'node_modules', library), { recursive: true })
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest
}

async function write(file: string, content: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`)
}
