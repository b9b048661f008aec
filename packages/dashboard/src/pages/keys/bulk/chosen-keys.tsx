import type { ListedKey } from '@sallyport/sdk'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'

/** So many keys are named. */
const NAMED_MAX = 5

/** Which keys a question is about. */
export function ChosenKeys({ keys }: { readonly keys: readonly ListedKey[] }) {
  const names = keys.slice(0, NAMED_MAX).map(({ name }) => name)
  return <p className={text.strong}>{t.keys.bulk.names(names, keys.length - names.length)}</p>
}
