import { useMutation, useQueryClient } from '@tanstack/react-query'
import { readAgain, useChange, WAIT_SECONDS } from '../../../data/change.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { say } from '../../../parts/messages/say.ts'
import { t } from '../../../texts/texts.ts'
import { OF_KEYS } from '../mutations.ts'
import { type ChosenFile, send } from './upload.ts'

/** What an import concerns. */
const OF_IMPORTS = ['imports', 'import', 'quotas', ...OF_KEYS]

/** Sends a file. What is on its way stays so when the page that began it is left. */
export function useSendFile(organization: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (chosen: ChosenFile) => await send(organization, chosen),
    onSuccess: (made, { file }) => {
      if (made !== null) say(t.imports.upload.arrived(file.name))
      void readAgain(queries, organization, OF_IMPORTS)
    },
  })
}

export function useStopImport(organization: string) {
  return useChange(organization, OF_IMPORTS, async (id: string) => {
    await sallyport.stopImport({ organization, import: id, wait: WAIT_SECONDS })
    say(t.imports.stop.done)
  })
}
