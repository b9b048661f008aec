import type { InputFiles } from '../operations/input-files.ts'
import { readHidden } from '../operations/read-hidden.ts'
import { UsageError } from '../terminal/failure.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** What is asked for, where the name of the field does not say it. */
const QUESTIONS: Readonly<Record<string, string>> = { jwt: 'JWT', basic: 'username:password' }

/** Reads a field that must not be an argument. @throws UsageError, InterruptedError */
export async function readHiddenField(
  terminal: Terminal,
  files: Pick<InputFiles, 'text'>,
  name: string,
): Promise<unknown> {
  const text = await readHidden(terminal, files, QUESTIONS[name] ?? name)
  return name === 'basic' ? basicOf(text) : text
}

/** A user name has no colon (RFC 7617 section 2). */
function basicOf(text: string): { readonly username: string; readonly password: string } {
  const end = text.indexOf(':')
  if (end < 1) throw new UsageError('Give the user name and the password with a colon between them.')
  return { username: text.slice(0, end), password: text.slice(end + 1) }
}
