import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { InterruptedError, UsageError } from '../terminal/failure.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type InputFiles, STANDARD_INPUT } from './input-files.ts'

/**
 * Reads a secret from standard input, without its last line break: asks for it on a terminal, where it is not shown.
 *
 * @param name such as `token`
 * @throws UsageError if there is none, InterruptedError if the person ends the question
 */
export async function readHidden(
  { input, notes }: Terminal,
  files: Pick<InputFiles, 'text'>,
  name: string,
): Promise<string> {
  const question = capital(name)
  const text = input.isTTY ? await ask(input, notes, `${question}: `) : await files.text(STANDARD_INPUT)
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') throw new UsageError(`${question}: give it on standard input.`)
  return secret
}

/** @throws InterruptedError */
async function ask(
  input: NodeJS.ReadableStream,
  notes: NodeJS.WriteStream,
  question: string,
): Promise<string> {
  // The terminal would show what it is sent back.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input, output: silent, terminal: true, historySize: 0 })
  notes.write(question)
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once('line', resolve)
      // Ctrl-C and Ctrl-D close it. This comes after the line that Enter ends.
      reader.once('close', () => reject(new InterruptedError()))
    })
  } finally {
    reader.close()
    notes.write('\n')
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
