import { useQuery } from '@tanstack/react-query'
import { currentOf, gatewaysQuery } from '../data/gateways.ts'
import { State } from '../parts/state.tsx'
import { t } from '../texts/texts.ts'

/** Whether every gateway has the newest changes. */
export function GatewaysLine({ organization }: { readonly organization: string }) {
  const { data } = useQuery(gatewaysQuery(organization))
  if (data === undefined) return null
  const { current, all } = currentOf(data)
  const isCurrent = all > 0 && current === all
  return (
    <State tone={isCurrent ? 'ok' : 'warn'} mark={isCurrent ? 'full' : 'half'}>
      {all === 0 ? t.shell.noGateway : t.shell.gateways(current, all)}
    </State>
  )
}
