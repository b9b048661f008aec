import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A code block of a document, and the text that its output must contain; empty to skip the check. */
export interface PastedCommands {
  readonly shows: string
  readonly commands: string
}

/** The code blocks of a document after a comment with a name. The comment may hold the expected output. */
export function commandBlocks(document: string, name: string): PastedCommands[] {
  const block = new RegExp(`<!-- ${name}(?:: (.*?))? -->\\n\\n\`\`\`sh\\n(.*?)\`\`\``, 'gs')
  return [...document.matchAll(block)].map(([, shows = '', commands = '']) => ({ shows, commands }))
}

/**
 * Runs blocks as if they were pasted one after the other: one shell runs them all, because later blocks use variables of
 * earlier ones.
 *
 * @returns what each block printed
 */
export async function runPasted(
  blocks: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string[]> {
  const shell = spawn('bash', ['-s'], { ...options, stdio: ['pipe', 'pipe', 'inherit'] })
  let output = ''
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = once(shell, 'exit')
  for (const [index, commands] of blocks.entries()) {
    shell.stdin.write(`${commands}\necho; echo "== end of ${index}"\n`)
  }
  shell.stdin.end()
  await ended
  return output.split(/\n== end of \d+\n/)
}
