import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Actor } from '../../parts/actor.tsx'
import { Absent } from '../../parts/absent.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import text from '../../parts/text.module.css'
import { When } from '../../parts/when.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import cards from './access-policies.module.css'
import card from './environment-card.module.css'
import { KeyAgeForm } from './key-age-form.tsx'
import classes from './key-ages.module.css'
import { keyAgesQuery, type PlacedKeyAge } from './queries.ts'

/** How old keys may get: those of the organization, and those of each environment. */
export function KeyAges({ organization }: { readonly organization: string }) {
  const place = usePlace()
  const query = useQuery(keyAgesQuery(organization))
  const [chosen, setChosen] = useState<string | undefined>(place.environment)
  return (
    <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
      {(all) => {
        const open = all.find(({ environment }) => environment === chosen) ?? all[0]
        if (open === undefined) return null
        return (
          <>
            <div className={cards.cards}>
              {all.map((one) => (
                <AgeCard
                  key={one.environment ?? ''}
                  organization={organization}
                  placed={one}
                  isOpen={one === open}
                  onOpen={() => setChosen(one.environment)}
                />
              ))}
            </div>
            <KeyAgeForm
              // A form of another place begins with what holds there.
              key={open.environment ?? ''}
              organization={organization}
              placed={open}
              mayChange={place.may('policies.write', open.environment)}
            />
          </>
        )
      }}
    </Loaded>
  )
}

interface AgeCardProps {
  readonly organization: string
  readonly placed: PlacedKeyAge
  readonly isOpen: boolean
  readonly onOpen: () => void
}

function AgeCard({ organization, placed: { environment, age }, isOpen, onOpen }: AgeCardProps) {
  const { policies } = t
  return (
    <div className={card.card} data-open={isOpen || undefined}>
      <div className={card.line}>
        <button
          type="button"
          className={`${card.name} ${classes.open}`}
          aria-pressed={isOpen}
          onClick={onOpen}
        >
          {environment === undefined ? policies.age.organization : policies.age.environment(environment)}
        </button>
        {age.version > 0 && <span className={card.end}>{policies.version(age.version)}</span>}
      </div>
      <p>
        {policies.age.reminderText(age.rotationReminderDays)},{' '}
        {policies.age.lifetimeText(age.maxLifetimeDays)}
      </p>
      <p className={text.meta}>
        {age.updatedAt === null || age.updatedBy === null ? (
          <Absent>{policies.age.never}</Absent>
        ) : (
          <>
            {policies.since} <When at={age.updatedAt} as="day" /> {policies.by}{' '}
            <Actor organization={organization} id={age.updatedBy} />
          </>
        )}
      </p>
    </div>
  )
}
