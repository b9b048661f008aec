import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { rolldown, type Plugin } from 'rolldown'
import { builtManifest, type SourceManifest } from './built-manifest.ts'
import { builtFolder, ROOT } from './built-folder.ts'
import { withJavaScriptImports } from './declarations.ts'

const FOLDER = join(ROOT, 'packages', 'gate')
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
const VERSION_FILE = join(ROOT, 'packages', 'server', 'src', 'startup', 'version.ts')
const NOTICES = 'THIRD-PARTY-NOTICES.txt'

/** Everything that the built files depend on. */
const SOURCES = [
  'package-lock.json',
  'packages/core/src',
  'packages/gate/package.json',
  'packages/gate/src',
  'packages/gate/tsconfig.build.json',
  'packages/server/src',
  'scripts/build',
]

/** The gate as a package: the parts of the server that decide, with their libraries, in a few files with declarations. */
export const GATE = builtFolder(FOLDER, SOURCES, buildGate)

/** @param into a folder that exists and is empty */
export async function buildGate(into: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(FOLDER, 'package.json'), 'utf8')) as SourceManifest
  const libraries = await bundle(Object.values(manifest.exports), into)
  await declare(into)
  await writeFile(join(into, NOTICES), await noticesOf(libraries))
  const files = ['**/*.js', '**/*.d.ts', NOTICES]
  await writeFile(join(into, 'package.json'), `${JSON.stringify(builtManifest(manifest, files), null, 2)}\n`)
  await copyFile(join(ROOT, 'LICENSE'), join(into, 'LICENSE'))
}

/** @param entries TypeScript files, from the package @returns the folders of the libraries that are in the bundle */
async function bundle(entries: readonly string[], into: string): Promise<readonly string[]> {
  await using build = await rolldown({
    input: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), join(FOLDER, file)])),
    platform: 'node',
    // Without this, a type or a constant would bring all that its file imports.
    treeshake: {
      moduleSideEffects: [
        { test: /[\\/]packages[\\/](?:core|gate|server)[\\/]src[\\/]/, sideEffects: false },
      ],
    },
    plugins: [ownVersion()],
  })
  const { output } = await build.write({
    dir: into,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  })
  const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.entries(file.modules) : []))
  const folders = modules
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([id]) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0])
    .filter((folder) => folder !== undefined)
  return [...new Set(folders)].toSorted()
}

/** The version as a constant: the package has no file of the server's that names it. */
function ownVersion(): Plugin {
  return {
    name: 'own-version',
    async load(id) {
      if (id !== VERSION_FILE) return undefined
      const file = join(ROOT, 'packages', 'server', 'package.json')
      const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string }
      return `export const VERSION = ${JSON.stringify(version)}`
    },
  }
}

/** Writes the declarations, which need none of the server's. @throws Error with the output of the compiler */
async function declare(into: string): Promise<void> {
  const scratch = await mkdtemp(join(FOLDER, 'dist-types-'))
  try {
    const command = [TSC, '-p', join(FOLDER, 'tsconfig.build.json'), '--outDir', scratch]
    await promisify(execFile)(process.execPath, command).catch((cause: unknown) => {
      const { stdout } = cause as { stdout?: string }
      throw new Error(`The gate could not be compiled:\n${stdout ?? ''}`, { cause })
    })
    const declared = join(scratch, 'packages', 'gate', 'src')
    await mkdir(into, { recursive: true })
    for (const name of await readdir(declared)) {
      const text = await readFile(join(declared, name), 'utf8')
      await writeFile(join(into, name), withJavaScriptImports(text))
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** The licences of the libraries in the bundle, as these require. */
async function noticesOf(libraries: readonly string[]): Promise<string> {
  const notices: string[] = []
  for (const folder of libraries) {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as LibraryManifest
    const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name))
    const text =
      file === undefined ? `License: ${manifest.license}` : await readFile(join(folder, file), 'utf8')
    notices.push(`${manifest.name} ${manifest.version}\n\n${text.trim()}\n`)
  }
  return notices.join(`\n${'-'.repeat(80)}\n\n`)
}

interface LibraryManifest {
  readonly name: string
  readonly version: string
  readonly license: string
}
