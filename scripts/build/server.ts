import { writeFile } from 'node:fs/promises'
import http from 'node:http'
import { basename, dirname, join, relative } from 'node:path'
import { rolldown, type InputOptions, type Plugin } from 'rolldown'
import { builtFolder, ROOT } from './built-folder.ts'
import { checkedProgram } from './checked-program.ts'

export const SERVER_FOLDER = join(ROOT, 'packages', 'server')
const SOURCE = join(SERVER_FOLDER, 'src')
/** Programs of processes and threads that may share files: the server, the check of audit logs, and the threads that the server starts. */
const TOGETHER = [
  'main.ts',
  'cli/audit/verify-audit.ts',
  'composition/control-thread-program.ts',
  'composition/gateway-thread-program.ts',
  'store/snapshot-thread-program.ts',
  'store/sqlite/database-thread-program.ts',
]
/** A program in a folder of its own, because it may read nothing but this folder (worker-permissions.ts). */
const ALONE = 'expression/worker-main.ts'

/** Everything that the built files depend on. */
const SOURCES = [
  'package-lock.json',
  'packages/core/src',
  'packages/server/src',
  'scripts/build',
  'scripts/node/distributions.mjs',
]

/** The program that `main.js` starts, in the folder of the built files. */
const PROGRAM = 'server.js'

/**
 * The server with its libraries, bundled into a few files, which a process loads in half the time of the sources:
 * `node packages/server/dist/main.js serve`.
 */
export const SERVER = builtFolder(SERVER_FOLDER, SOURCES, buildServer)

/**
 * @param into a folder beside `dist`, which exists and is empty
 * @param plugins change sources, as a later release would
 */
export async function buildServer(into: string, plugins: readonly Plugin[] = []): Promise<void> {
  await bundle(TOGETHER, into, '.', plugins)
  await bundle([ALONE], into, dirname(ALONE), plugins)
  await writeFile(join(into, 'main.js'), checkedProgram(PROGRAM))
}

async function bundle(
  programs: readonly string[],
  into: string,
  folder: string,
  plugins: readonly Plugin[],
): Promise<void> {
  const options: InputOptions = {
    input: Object.fromEntries(programs.map((file) => [basename(file, '.ts'), join(SOURCE, file)])),
    platform: 'node',
    // Native code that `pg` takes if it is installed.
    external: ['pg-native'],
    plugins: [...plugins, leanHttp(), ownUrls(folder)],
  }
  await using build = await rolldown(options)
  await build.write({
    dir: join(into, folder),
    format: 'esm',
    entryFileNames: ({ name }) => (name === 'main' ? PROGRAM : '[name].js'),
    chunkFileNames: '[name]-[hash].js',
  })
}

const HTTP = 'node:http'

/**
 * Takes `node:http` without its getters. An `import` of it reads each of its properties, and one of them loads the whole
 * `fetch` of Node.js, which the server does not use, once for each thread.
 */
function leanHttp(): Plugin {
  const names = Object.entries(Object.getOwnPropertyDescriptors(http))
    .filter(([, property]) => 'value' in property)
    .map(([name]) => name)
  return {
    name: 'lean-http',
    resolveId(source, _importer, { kind }) {
      return source === HTTP && kind === 'import-statement' ? `\0${HTTP}` : undefined
    },
    load(id) {
      if (id !== `\0${HTTP}`) return undefined
      return `const http = process.getBuiltinModule('${HTTP}')
        export default http
        export const { ${names.join(', ')} } = http`
    },
  }
}

/** The URL of a program below `src`, as modules write it. */
const PROGRAM_URL = /new URL\('([./]*[\w/-]+\.ts)', import\.meta\.url\)/g
const OWN_URL = /\bimport\.meta\.url\b/g

/**
 * Keeps the files that a module finds by its own URL where they are, although the built module is in another folder. A
 * program is the built one instead.
 *
 * @param folder of the built module, from the folder of all
 */
function ownUrls(folder: string): Plugin {
  const home = join(SERVER_FOLDER, 'dist', folder)
  return {
    name: 'own-urls',
    transform: {
      filter: { id: /[\\/]packages[\\/]server[\\/]src[\\/]/ },
      handler(code, id) {
        if (!code.includes('import.meta.url')) return undefined
        const withPrograms = code.replaceAll(PROGRAM_URL, (_, file: string) => {
          const program = relativeUrl(SOURCE, join(dirname(id), file))
          return `new URL('${builtProgram(program)}', import.meta.__url)`
        })
        const source = `'${relativeUrl(home, id)}'`
        return withPrograms
          .replaceAll(OWN_URL, `new URL(${source}, import.meta.url).href`)
          .replaceAll('import.meta.__url', 'import.meta.url')
      },
    },
  }
}

function relativeUrl(from: string, to: string): string {
  return relative(from, to).replaceAll('\\', '/')
}

/** @throws Error for a program that is not built */
function builtProgram(file: string): string {
  if (TOGETHER.includes(file)) return `./${basename(file, '.ts')}.js`
  if (file === ALONE) return `./${file.replace(/\.ts$/, '.js')}`
  throw new Error(`scripts/build/server.ts does not build the program packages/server/src/${file}`)
}
