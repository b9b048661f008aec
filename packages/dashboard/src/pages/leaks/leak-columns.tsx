import type { Leak } from '@sallyport/sdk'
import { Id } from '../../parts/id.tsx'
import type { Column } from '../../parts/table/data-table.tsx'
import { RowName } from '../../parts/table/row-name.tsx'
import { TwoLines } from '../../parts/table/two-lines.tsx'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'
import { doneWords, Place, SecretState } from './leak-words.tsx'

const { columns, foundBy, unknownPlace } = t.leaks

/** The columns of the list. */
export const LEAK_COLUMNS: Column<Leak>[] = [
  {
    id: 'key',
    header: columns.key,
    cell: ({ row: { original } }) => (
      <TwoLines isWide below={<Id>{original.key}</Id>}>
        <RowName
          name={original.keyName}
          rest={original.url ?? unknownPlace}
          to={{ to: '.', search: (search) => ({ ...search, leak: original.id }) }}
        />
      </TwoLines>
    ),
  },
  {
    id: 'place',
    header: columns.place,
    meta: { leaves: 1 },
    cell: ({ row: { original } }) => (
      <TwoLines below={foundBy[original.source]}>
        <Place url={original.url} />
      </TwoLines>
    ),
  },
  {
    id: 'secret',
    header: columns.secret,
    meta: { width: '8rem' },
    cell: ({ row: { original } }) => <SecretState stillLive={original.stillLive} />,
  },
  {
    id: 'done',
    header: columns.done,
    meta: { width: '10rem', leaves: 3 },
    cell: ({ row: { original } }) => doneWords(original),
  },
  {
    id: 'found',
    header: columns.found,
    meta: { width: '7rem', leaves: 2 },
    cell: ({ row: { original } }) => <When at={original.createdAt} />,
  },
]
