import { Button, Switch } from '@mantine/core'
import type { Acceptance } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { covers } from '../../../data/permissions.ts'
import { Absent } from '../../../parts/absent.tsx'
import { say } from '../../../parts/messages/say.ts'
import { Section } from '../../../parts/section.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { SmallTable } from '../../../parts/table/small-table.tsx'
import { TwoLines } from '../../../parts/table/two-lines.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { AcceptanceState, widerRule } from './acceptance-state.tsx'
import classes from './accepted-section.module.css'
import { Forbid } from './forbid.tsx'
import { ForbidAll } from './forbid-all.tsx'
import { useSetAcceptance, useSetOrganizationAcceptance } from './mutations.ts'
import { ACCEPTED_MAX, acceptedQuery, organizationAcceptanceQuery } from './queries.ts'

/** Which organizations accept keys of ours, and whether they may. */
export function AcceptedSection({ organization }: { readonly organization: string }) {
  const { facts } = usePlace()
  const query = useQuery(acceptedQuery(organization))
  const allowAll = useSetOrganizationAcceptance(organization)
  const [isAsking, setAsking] = useState(false)
  const { accepted: words } = t.externalKeys
  const allow = (): void =>
    allowAll.mutate(true, { onSuccess: ({ receipt }) => say(words.allAllowed(t.receipt.on(receipt))) })
  return (
    <Section
      title={words.title}
      link={
        covers(facts.permissions, { permission: 'keys.read' }) && (
          <Setting
            organization={organization}
            onChange={(allowed) => {
              if (allowed) allow()
              else setAsking(true)
            }}
          />
        )
      }
    >
      <p className={classes.lead}>{words.text}</p>
      {allowAll.error !== null && <Failure error={allowAll.error} retry={allow} />}
      <Loaded query={query} skeleton={<RowsSkeleton rows={3} />}>
        {(rows) =>
          rows.length === 0 ? <Absent>{words.none}</Absent> : <Rows organization={organization} rows={rows} />
        }
      </Loaded>
      {isAsking && (
        <ForbidAll organization={organization} accepted={query.data} onClose={() => setAsking(false)} />
      )}
    </Section>
  )
}

interface SettingProps {
  readonly organization: string
  readonly onChange: (allowed: boolean) => void
}

function Setting({ organization, onChange }: SettingProps) {
  const { facts } = usePlace()
  const query = useQuery(organizationAcceptanceQuery(organization))
  const { accepted: words } = t.externalKeys
  const mayChange = covers(facts.permissions, { permission: 'keys.write' })
  return (
    <Loaded query={query} skeleton={null}>
      {({ allowed }) => (
        <Switch
          className={classes.switch}
          label={words.allowed}
          description={mayChange ? undefined : words.mayNot}
          checked={allowed}
          disabled={!mayChange}
          onChange={() => onChange(!allowed)}
        />
      )}
    </Loaded>
  )
}

interface RowsProps {
  readonly organization: string
  readonly rows: readonly Acceptance[]
}

function Rows({ organization, rows }: RowsProps) {
  const [asks, setAsks] = useState<Acceptance>()
  const { columns, more, title } = t.externalKeys.accepted
  return (
    <div className={classes.table}>
      <SmallTable
        caption={title}
        columns={[
          { word: columns.organization },
          { word: columns.key, leaves: true },
          { word: columns.since, width: '7rem', leaves: true },
          { word: columns.lastUsed, width: '7rem', leaves: true },
          { word: columns.status },
        ]}
      >
        {rows.map((row) => (
          <Row
            key={`${row.key.id} ${row.organization.slug}`}
            organization={organization}
            row={row}
            onForbid={() => setAsks(row)}
          />
        ))}
      </SmallTable>
      {rows.length === ACCEPTED_MAX && <p className={text.meta}>{more(ACCEPTED_MAX)}</p>}
      {asks !== undefined && (
        <Forbid
          organization={organization}
          keyId={asks.key.id}
          keyName={asks.key.name}
          partner={asks.organization.slug}
          onClose={() => setAsks(undefined)}
        />
      )}
    </div>
  )
}

interface RowProps {
  readonly organization: string
  readonly row: Acceptance
  readonly onForbid: () => void
}

function Row({ organization, row, onForbid }: RowProps) {
  const { may } = usePlace()
  const allow = useSetAcceptance(organization, row.key.id)
  const { acceptances: words, accepted } = t.externalKeys
  const { key, organization: partner, forbiddenBy, status, addedAt, lastUsedAt } = row
  const link = (
    <Link
      to="/organizations/$organization/keys"
      params={{ organization }}
      search={({ environment }) => ({ environment, key: key.id })}
    >
      {key.name}
    </Link>
  )
  const allowAgain = (): void =>
    allow.mutate(
      { partner: partner.slug, allowed: true },
      { onSuccess: ({ receipt }) => say(words.nowAllowed(partner.slug, t.receipt.on(receipt))) },
    )
  const isAllowed = forbiddenBy.length === 0
  const wider = widerRule(forbiddenBy)
  return (
    <>
      <tr>
        <td>
          <TwoLines below={partner.slug}>{partner.name}</TwoLines>
          <span className={classes.key}>{link}</span>
        </td>
        <td data-leaves>{link}</td>
        <td data-leaves>
          <When at={addedAt} as="day" />
        </td>
        <td data-leaves>
          {lastUsedAt === null ? <Absent>{t.parts.never}</Absent> : <When at={lastUsedAt} />}
        </td>
        <td>
          <div className={classes.status}>
            <div>
              <TwoLines below={wider ?? (status === 'inactive' && words.switchedOff)}>
                <AcceptanceState forbiddenBy={forbiddenBy} />
              </TwoLines>
            </div>
            {may('keys.write') && wider === undefined && (
              <Button
                size="compact-xs"
                loading={allow.isPending}
                aria-label={
                  isAllowed
                    ? accepted.forbidOf(key.name, partner.name)
                    : accepted.allowOf(key.name, partner.name)
                }
                onClick={isAllowed ? onForbid : allowAgain}
              >
                {isAllowed ? words.forbid : words.allow}
              </Button>
            )}
          </div>
        </td>
      </tr>
      {allow.error !== null && (
        <tr>
          <td colSpan={5}>
            <Failure error={allow.error} retry={allowAgain} />
          </td>
        </tr>
      )}
    </>
  )
}
