import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '@mantine/core'
import { count } from '../../format/numbers.ts'
import type { GroupSum } from '../../data/usage/usage-sums.ts'
import { Share, SmallTable } from '../../parts/table/small-table.tsx'
import { t } from '../../texts/texts.ts'
import { GroupName } from './group-name.tsx'
import type { Group, UsageSearch } from './search.ts'
import classes from './usage-page.module.css'

interface GroupsTableProps {
  readonly by: Group
  readonly groups: readonly GroupSum[]
}

/** How many groups are drawn at first, and with each further step. */
const STEP = 50
/** What a group is looked at by once it is chosen. */
const NEXT: Readonly<Record<Group, Group>> = {
  code: 'key',
  key: 'code',
  consumer: 'key',
  pipeline: 'key',
  version: 'code',
  environment: 'pipeline',
}

/** The sums of each group; a group leads to what it consists of. */
export function GroupsTable({ by, groups }: GroupsTableProps) {
  const [shown, setShown] = useState(STEP)
  const { columns, groups: words } = t.usage
  // What was let in is so much more than what was refused that it would hide the reasons.
  const compared = by === 'code' ? groups.filter(({ refused }) => refused > 0) : groups
  const most = compared[0]?.requests ?? 0
  return (
    <>
      <SmallTable
        caption={t.usage.sums(words[by])}
        columns={[
          { word: words[by], width: '34%' },
          { word: columns.requests, width: '6rem', isNumber: true },
          { word: columns.allowed, width: '6rem', isNumber: true, leaves: true },
          { word: columns.refused, width: '5rem', isNumber: true },
          { word: columns.share, leaves: true },
        ]}
      >
        {groups.slice(0, shown).map(({ group, requests, allowed, refused }) => (
          <tr key={group}>
            <td>
              {group === null ? (
                <GroupName by={by} group={group} />
              ) : (
                <Link to="." className={classes.group} search={(search) => only(search, by, group)}>
                  <GroupName by={by} group={group} />
                </Link>
              )}
            </td>
            <td data-number="true">{count(requests)}</td>
            <td data-number="true" data-leaves="true">
              {count(allowed)}
            </td>
            <td data-number="true">{count(refused)}</td>
            <td data-leaves="true" data-refused={(by === 'code' && refused > 0) || undefined}>
              {(by !== 'code' || refused > 0) && <Share part={requests} most={most} />}
            </td>
          </tr>
        ))}
      </SmallTable>
      {groups.length > shown && (
        <Button size="xs" variant="subtle" onClick={() => setShown(shown + STEP)}>
          {t.usage.more(groups.length - shown)}
        </Button>
      )}
    </>
  )
}

interface Chosen extends UsageSearch {
  readonly environment?: string | undefined
}

/** The same page about one group. */
function only(search: Chosen, by: Group, group: string): Chosen {
  // Versions are chosen as `orders/1.0`.
  const slash = group.lastIndexOf('/')
  if (by === 'version' && slash > 0) {
    return { ...search, pipeline: group.slice(0, slash), version: group.slice(slash + 1), by: NEXT[by] }
  }
  return { ...search, [by]: group, by: NEXT[by] }
}
