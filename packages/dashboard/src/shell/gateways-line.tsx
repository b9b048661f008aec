import { useQuery } from '@tanstack/react-query'
import { gatewaysQuery } from '../data/gateways.ts'
import { State } from '../parts/state.tsx'
import { t } from '../texts/texts.ts'

/** Whether every gateway has the newest changes. */
export function GatewaysLine({ organization }: { readonly organization: string }) {
  const { data } = useQuery(gatewaysQuery(organization))
  if (data === undefined) return null
  const current = data.filter(({ stale }) => !stale).length
  const isCurrent = current === data.length
  return (
    <State tone={isCurrent ? 'ok' : 'warn'} mark={isCurrent ? 'full' : 'half'}>
      {t.shell.gateways(current, data.length)}
    </State>
  )
}
