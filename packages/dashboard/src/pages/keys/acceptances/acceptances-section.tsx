import { Button, Switch } from '@mantine/core'
import type { Acceptances, Key } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Absent } from '../../../parts/absent.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import text from '../../../parts/text.module.css'
import { say } from '../../../parts/messages/say.ts'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { AcceptanceState, widerRule } from './acceptance-state.tsx'
import { Forbid } from './forbid.tsx'
import { useSetAcceptance } from './mutations.ts'
import { acceptancesQuery } from './queries.ts'

interface AcceptancesSectionProps {
  readonly organization: string
  readonly shown: Key
}

/** Which other organizations accept one of our keys, and which may not. */
export function AcceptancesSection({ organization, shown }: AcceptancesSectionProps) {
  const { may } = usePlace()
  const query = useQuery(acceptancesQuery(organization, shown.id))
  const allow = useSetAcceptance(organization, shown.id)
  const [asks, setAsks] = useState<{ readonly partner: string | undefined }>()
  const { acceptances: words } = t.externalKeys
  const mayChange = may('keys.write', shown.environment ?? undefined)
  const allowAgain = (partner: string | undefined): void =>
    allow.mutate(
      { partner, allowed: true },
      {
        onSuccess: ({ receipt }) => {
          const on = t.receipt.on(receipt)
          say(partner === undefined ? words.anyAllowed(on) : words.nowAllowed(partner, on))
        },
      },
    )
  return (
    <PanelSection label={words.title}>
      <div>
        <h3>{words.title}</h3>
        <p className={text.meta}>{words.text}</p>
      </div>
      <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
        {({ allowed, allowedForOrganization, items }) => (
          <>
            {!allowedForOrganization && (
              <Note tone="plain" title={words.organizationForbids}>
                {words.organizationForbidsText}
              </Note>
            )}
            <Switch
              label={words.allowed}
              checked={allowed}
              disabled={!mayChange}
              onChange={() => {
                if (allowed) setAsks({ partner: undefined })
                else allowAgain(undefined)
              }}
            />
            {items.length === 0 ? (
              <Absent>{words.none}</Absent>
            ) : (
              <ItemList label={words.title}>
                {items.map((item) => (
                  <Partner
                    key={item.organization.slug}
                    item={item}
                    mayChange={mayChange}
                    onForbid={() => setAsks({ partner: item.organization.slug })}
                    onAllow={() => allowAgain(item.organization.slug)}
                  />
                ))}
              </ItemList>
            )}
          </>
        )}
      </Loaded>
      {allow.error !== null && (
        <Failure error={allow.error} retry={() => allowAgain(allow.variables.partner)} />
      )}
      {asks !== undefined && (
        <Forbid
          organization={organization}
          keyId={shown.id}
          keyName={shown.name}
          partner={asks.partner}
          onClose={() => setAsks(undefined)}
        />
      )}
    </PanelSection>
  )
}

interface PartnerProps {
  readonly item: Acceptances['items'][number]
  readonly mayChange: boolean
  readonly onForbid: () => void
  readonly onAllow: () => void
}

function Partner({ item, mayChange, onForbid, onAllow }: PartnerProps) {
  const { acceptances: words } = t.externalKeys
  const { organization, allowed, forbiddenBy, addedAt, status } = item
  const wider = widerRule(forbiddenBy)
  const name = organization.name ?? organization.slug
  return (
    <Item
      end={
        <>
          <AcceptanceState forbiddenBy={forbiddenBy} />
          {mayChange && wider === undefined && (
            <Button
              size="compact-xs"
              aria-label={allowed ? words.forbidOf(name) : words.allowOf(name)}
              onClick={allowed ? onForbid : onAllow}
            >
              {allowed ? words.forbid : words.allow}
            </Button>
          )}
        </>
      }
    >
      {name}
      <div className={text.meta}>
        {addedAt === null ? (
          words.notAdded
        ) : (
          <>
            {words.since} <When at={addedAt} as="day" />
            {status === 'inactive' && allowed && `, ${words.switchedOff}`}
          </>
        )}
        {wider !== undefined && `, ${wider}`}
      </div>
    </Item>
  )
}
