import type { Role } from '@sallyport/sdk'
import { Link } from '@tanstack/react-router'
import { Item, ItemList } from '../../parts/table/item-list.tsx'
import text from '../../parts/text.module.css'
import { t } from '../../texts/texts.ts'

interface HoldersProps {
  readonly organization: string
  readonly role: Role
}

/** Who has a role, each with the way to its details. */
export function Holders({ organization, role: { holders, holderCount } }: HoldersProps) {
  const { panel } = t.rolePages
  return (
    <>
      <h3>{panel.holders}</h3>
      {holders.length === 0 ? (
        <p className={text.meta}>{panel.noHolders}</p>
      ) : (
        <ItemList label={panel.holders}>
          {holders.map((holder) => (
            <Item key={holder.id} end={<span className={text.meta}>{panel.kinds[holder.kind]}</span>}>
              <HolderLink organization={organization} holder={holder} />
            </Item>
          ))}
        </ItemList>
      )}
      {holderCount > holders.length && <p className={text.meta}>{panel.more(holders.length, holderCount)}</p>}
    </>
  )
}

interface HolderLinkProps {
  readonly organization: string
  readonly holder: Role['holders'][number]
}

function HolderLink({ organization, holder: { kind, id, name } }: HolderLinkProps) {
  const params = { organization }
  switch (kind) {
    case 'member':
      return (
        <Link to="/organizations/$organization/members" params={params} search={{ member: id }}>
          {name}
        </Link>
      )
    case 'key':
      return (
        <Link to="/organizations/$organization/keys" params={params} search={{ key: id }}>
          {name}
        </Link>
      )
    case 'external-key':
      return (
        <Link to="/organizations/$organization/keys/external" params={params} search={{ external: id }}>
          {name}
        </Link>
      )
  }
}
