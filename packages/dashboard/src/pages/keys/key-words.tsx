import type { Key } from '@sallyport/sdk'
import { State } from '../../parts/state.tsx'
import { Absent } from '../../parts/absent.tsx'
import { t } from '../../texts/texts.ts'

/** How many characters of a secret its hint ends with. */
const HINT_CHARS = 4

/** The last characters of a secret, as people compare them. */
export function shortHint(hint: string): string {
  return `…${hint.slice(-HINT_CHARS)}`
}

/** The secret of a key that stays, or an empty text for a key without one. */
export function currentHint({ secrets }: Pick<Key, 'secrets'>): string {
  const hint = secrets.at(-1)?.hint
  return hint === undefined ? '' : shortHint(hint)
}

/** When any secret of a key was used last; null for never. */
export function lastUseOf({ secrets }: Pick<Key, 'secrets'>): string | null {
  const uses = secrets.flatMap(({ lastUsedAt }) => (lastUsedAt === null ? [] : [lastUsedAt]))
  return uses.toSorted().at(-1) ?? null
}

export function KeyState({ state }: Pick<Key, 'state'>) {
  const word = t.keys.states[state]
  switch (state) {
    case 'active':
      return <State tone="ok">{word}</State>
    case 'rolling':
      return (
        <State tone="info" mark="half">
          {word}
        </State>
      )
    case 'inactive':
      return (
        <State tone="idle" mark="ring">
          {word}
        </State>
      )
    case 'expired':
      return (
        <State tone="bad" mark="ring">
          {word}
        </State>
      )
    case 'deleted':
      return (
        <State tone="idle" mark="bar">
          {word}
        </State>
      )
  }
}

export function Freshness({ type, freshness }: Pick<Key, 'type' | 'freshness'>) {
  if (type === 'public') return <Absent>{t.keys.notTracked}</Absent>
  const word = t.keys.freshness[freshness]
  if (freshness === 'fresh') return <Absent>{word}</Absent>
  return <State tone={freshness === 'due' ? 'warn' : 'bad'}>{word}</State>
}
