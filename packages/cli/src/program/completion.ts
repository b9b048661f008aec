import complete from '@bomb.sh/tab/commander'
import type { Command } from 'commander'

/**
 * Adds `completion`, which prints a script for a shell, and the hidden command that the script asks. It must be the last command that
 * is added.
 */
export function addCompletion(program: Command): void {
  const root = complete(program, { completionCommandName: 'completion' })
  for (const [words, node] of root.commands) {
    const command = words.split(' ').reduce<Command | undefined>(childOf, program)
    // One line for each suggestion.
    const text = command?.summary() ?? ''
    if (text !== '') node.description = text
    // The options of every command can stand behind it too.
    for (const { long, short, description, argChoices, required } of program.options) {
      const choices = argChoices ?? []
      const name = long?.slice(2) ?? ''
      const alias = short?.slice(1)
      if (required)
        node.option(name, description, (suggest) => choices.forEach((choice) => suggest(choice, '')), alias)
      else node.option(name, description, alias)
    }
  }
}

function childOf(parent: Command | undefined, name: string): Command | undefined {
  return parent?.commands.find((command) => command.name() === name)
}
