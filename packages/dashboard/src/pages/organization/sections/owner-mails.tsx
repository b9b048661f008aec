import type { Organization } from '@sallyport/sdk'
import { useState } from 'react'
import { Absent } from '../../../parts/absent.tsx'
import { EventChoice } from '../../../parts/events/event-choice.tsx'
import { EVENT_GROUPS } from '../../../parts/events/event-groups.ts'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { Section } from '../../../parts/settings/section.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { t } from '../../../texts/texts.ts'
import { type MailChanges, useUpdateMails, withMails } from '../mutations.ts'
import { OWNER_MAILS, type OwnerMail } from '../owner-mails.ts'
import { SaveBar } from './save-bar.tsx'
import classes from './sections.module.css'

interface OwnerMailsProps {
  readonly shown: Organization
  readonly mayChange: boolean
}

/** Which events the owners of the organization get by mail. */
export function OwnerMails({ shown, mayChange }: OwnerMailsProps) {
  const { title, lead } = t.organization.mails
  return (
    <Section title={title} lead={lead}>
      {mayChange ? <MailsForm shown={shown} /> : <Chosen chosen={shown.ownerMails} />}
    </Section>
  )
}

const NO_CHANGES: MailChanges = new Map()

function MailsForm({ shown }: Pick<OwnerMailsProps, 'shown'>) {
  const update = useUpdateMails(shown.slug)
  const [changes, setChanges] = useState<MailChanges>(NO_CHANGES)
  const chosen = withMails(shown.ownerMails, changes)
  const isChanged = OWNER_MAILS.some((type) => chosen.includes(type) !== shown.ownerMails.includes(type))
  const choose = (next: readonly OwnerMail[]): void => {
    const changed = OWNER_MAILS.filter((type) => next.includes(type) !== shown.ownerMails.includes(type))
    setChanges(new Map(changed.map((type) => [type, next.includes(type)])))
  }
  const reset = (): void => {
    setChanges(NO_CHANGES)
    update.reset()
  }
  const save = (): void => {
    if (!isChanged || update.isPending) return
    update.mutate(changes, { onSuccess: () => setChanges(NO_CHANGES) })
  }
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <div className={classes.groups}>
        <EventChoice types={OWNER_MAILS} value={chosen} onChange={choose} />
      </div>
      {update.error !== null && <Failure error={update.error} retry={save} />}
      <SaveBar
        isChanged={isChanged}
        isPending={update.isPending}
        effect={t.organization.mails.effect}
        onReset={reset}
      />
    </form>
  )
}

/** The choice, for a person who may not change it. */
function Chosen({ chosen }: { readonly chosen: readonly OwnerMail[] }) {
  return (
    <Facts>
      {EVENT_GROUPS.map(({ name, types }) => {
        const words = chosen.filter((type) => types.includes(type)).map((type) => t.events.words[type])
        return (
          <Fact key={name} name={t.events.groups[name]}>
            {words.length === 0 ? <Absent>{t.organization.mails.none}</Absent> : words.join(', ')}
          </Fact>
        )
      })}
    </Facts>
  )
}
