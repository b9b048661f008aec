import { t } from '../../../texts/texts.ts'
import type { Path } from '../schema/walk.ts'

/** What a field is called: by its name and that of what it is part of, by its name alone, or as its name reads. */
export function labelOf(path: Path): string {
  const { labels } = t.specForm
  const names = path.filter((step) => typeof step === 'string')
  const name = names.at(-1) ?? ''
  return labels[`${names.at(-2) ?? ''}.${name}`] ?? labels[name] ?? asWords(name)
}

/** Such as "Retry after seconds" for `retryAfterSeconds`. */
function asWords(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
