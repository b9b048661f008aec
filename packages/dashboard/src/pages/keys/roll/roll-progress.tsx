import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { count } from '../../../format/numbers.ts'
import { countdown } from '../../../format/times.ts'
import { Absent } from '../../../parts/absent.tsx'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { Id } from '../../../parts/id.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { useNow } from '../../../parts/now.ts'
import { When } from '../../../parts/when.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { shortHint } from '../key-words.tsx'
import type { SecretUse } from './lane-values.ts'
import { Lanes } from './lanes.tsx'
import classes from './roll-section.module.css'
import type { Roll, RollingKey } from './secret-use.ts'

interface RollProgressProps {
  readonly shown: RollingKey
  readonly roll: Roll
  /** How both secrets were used; undefined for a person who may not see it. */
  readonly uses: readonly SecretUse[] | undefined
  /** How to end the roll. */
  readonly children: ReactNode
}

/** A roll that goes on: how long the old secret works, how both are used, and how to end it. */
export function RollProgress({ shown, roll, uses, children }: RollProgressProps) {
  const nowMs = useNow()
  const [oldSecret, newSecret] = roll.secrets
  const left = countdown(Date.parse(roll.endsAt) - nowMs)
  return (
    <>
      <div className={classes.head}>
        <div>
          <h3>{t.keys.roll.endsIn}</h3>
          <div className={classes.left} role="timer" aria-live="off">
            {left}
          </div>
        </div>
        <p className={text.meta}>
          {t.keys.roll.until} <When at={roll.endsAt} as="instant" />
        </p>
      </div>
      {uses !== undefined && <Lanes shown={shown} roll={roll} uses={uses} />}
      {oldSecret !== undefined && newSecret !== undefined && (
        <div className={classes.pair}>
          <Secret title={t.keys.roll.oldSecret} lane="old" secret={oldSecret} />
          <Secret title={t.keys.roll.newSecret} lane="new" secret={newSecret} />
        </div>
      )}
      <Verdict roll={roll} />
      {children}
    </>
  )
}

interface SecretProps {
  readonly title: string
  readonly lane: 'old' | 'new'
  readonly secret: Roll['secrets'][number]
}

function Secret({ title, lane, secret }: SecretProps) {
  const { roll } = t.keys
  return (
    <div>
      <h3 className={classes.secret} data-lane={lane}>
        {title} <Id>{shortHint(secret.hint)}</Id>
      </h3>
      <Facts>
        <Fact name={roll.lastUsed}>
          {secret.lastUsedAt === null ? <Absent>{t.parts.never}</Absent> : <When at={secret.lastUsedAt} />}
        </Fact>
        <Fact name={roll.lastHour}>{roll.requests(secret.requestsLastHour)}</Fact>
        <Fact name={roll.addresses}>{count(secret.addresses.length)}</Fact>
      </Facts>
    </div>
  )
}

function Verdict({ roll }: { readonly roll: Roll }) {
  const { safe, safeText, inUse, inUseText, unused, unusedText } = t.keys.roll
  if (roll.safeToFinish) {
    return (
      <Note tone="ok" title={safe}>
        {safeText(roll.quietSeconds)}
      </Note>
    )
  }
  if (roll.reason === 'old_secret_in_use') {
    return (
      <Note tone="warn" title={inUse}>
        {inUseText(roll.quietSeconds)}
      </Note>
    )
  }
  return (
    <Note tone="plain" title={unused}>
      {unusedText}
    </Note>
  )
}

/** A change that ends a roll. */
interface RollEnd {
  readonly mutate: (rolling: RollingKey, options?: { readonly onSuccess: () => void }) => void
  readonly isPending: boolean
  readonly error: unknown
}

interface RollEndingProps {
  readonly shown: RollingKey
  readonly roll: Roll
  readonly finish: RollEnd
  readonly undo: RollEnd
}

/** The two ways to end a roll. Each asks first, unless the old secret is quiet. */
export function RollEnding({ shown, roll, finish, undo }: RollEndingProps) {
  const [asks, setAsks] = useState<'finish' | 'undo'>()
  const close = (): void => setAsks(undefined)
  const [oldHint = '', newHint = ''] = roll.secrets.map(({ hint }) => shortHint(hint))
  const {
    finish: word,
    finishAnyway,
    finishTitle,
    finishSubmit,
    undo: undoWord,
    undoTitle,
    undoText,
  } = t.keys.roll
  return (
    <div className={classes.ending}>
      <div className={classes.buttons}>
        {roll.safeToFinish ? (
          <Button variant="filled" loading={finish.isPending} onClick={() => finish.mutate(shown)}>
            {word}
          </Button>
        ) : (
          <Button onClick={() => setAsks('finish')}>{finishAnyway}</Button>
        )}
        <Button onClick={() => setAsks('undo')}>{undoWord}</Button>
      </div>
      <p className={text.meta}>{t.keys.roll.effect(oldHint, newHint)}</p>
      {finish.error !== null && asks === undefined && (
        <Failure error={finish.error} retry={() => finish.mutate(shown)} />
      )}
      {asks === 'finish' && (
        <Confirm
          title={finishTitle(shown.name)}
          submit={finishSubmit}
          isPending={finish.isPending}
          error={finish.error}
          onSubmit={() => finish.mutate(shown, { onSuccess: close })}
          onClose={close}
        >
          <Verdict roll={roll} />
        </Confirm>
      )}
      {asks === 'undo' && (
        <Confirm
          title={undoTitle(shown.name)}
          submit={t.keys.roll.undoSubmit}
          isPending={undo.isPending}
          error={undo.error}
          onSubmit={() => undo.mutate(shown, { onSuccess: close })}
          onClose={close}
        >
          <p>{undoText(newHint)}</p>
        </Confirm>
      )}
    </div>
  )
}
