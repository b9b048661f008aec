import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const PROGRAM = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'main.ts')

/** How a command of `sallyport` ended. On a terminal, `stdout` has all that it showed. */
export interface CommandRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandSurroundings {
  readonly environment: Readonly<Record<string, string>>
  /** Standard input. */
  readonly input?: string
  /** What is typed on a terminal once it shows a question. */
  readonly typed?: { readonly question: string; readonly text: string }
  /** Where standard output goes, instead of to the test. */
  readonly outputFile?: string
  /** Runs the command on a terminal of this width, in columns of characters. */
  readonly terminalColumns?: number
}

/** Runs a command of `sallyport` from its source. */
export async function runSallyport(
  args: readonly string[],
  { environment, input = '', typed, outputFile, terminalColumns }: CommandSurroundings,
): Promise<CommandRun> {
  const command = [process.execPath, PROGRAM, ...args].map(quoted).join(' ')
  const [program, rest] =
    terminalColumns === undefined
      ? ['sh', ['-c', `exec ${command}${outputFile === undefined ? '' : ` > ${quoted(outputFile)}`}`]]
      : ['script', ['-qefc', `stty cols ${terminalColumns} rows 40 && exec ${command}`, '/dev/null']]
  const child = spawn(program, rest, {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...environment,
    },
  })
  const run = { stdout: '', stderr: '' }
  let toType = typed
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    run.stdout += text
    if (toType === undefined || !run.stdout.includes(toType.question)) return
    child.stdin.end(`${toType.text}\r`)
    toType = undefined
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (run.stderr += text))
  child.stdin.on('error', () => undefined)
  if (typed === undefined) child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { ...run, code }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
