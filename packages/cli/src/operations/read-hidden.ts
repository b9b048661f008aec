import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { UsageError } from '../terminal/failure.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { readText } from './field-values.ts'

/**
 * Reads a secret from standard input, without its line break: asks for it on a terminal, where it is not shown.
 *
 * @param name such as `token`
 * @throws UsageError if there is none
 */
export async function readHidden({ input, notes }: Terminal, name: string): Promise<string> {
  const text = input.isTTY ? await ask(input, notes, `${capital(name)}: `) : readText('-')
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') throw new UsageError(`${capital(name)}: give it on standard input.`)
  return secret
}

async function ask(
  input: NodeJS.ReadableStream,
  notes: NodeJS.WriteStream,
  question: string,
): Promise<string> {
  // The terminal would show what it is sent back.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input, output: silent, terminal: true })
  notes.write(question)
  try {
    return await reader.question('')
  } finally {
    reader.close()
    notes.write('\n')
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
