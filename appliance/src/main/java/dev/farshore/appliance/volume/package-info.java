/**
 * The volumes of a group as clients see them: exports over a {@link
 * dev.farshore.log.group.GroupStore}, and the gate that holds each reply until the group's mode
 * allows it.
 *
 * <pre>
 *  Export.write --(WriteAdmission: granted)--> GroupStore.append --LSN--> AckGate.await
 *       |                                                                     |
 *       '-(held)-> queue in order, until GroupVolumes.admissionChanged        |
 *                                                                             v
 *  Reply.done <------------------------------------ AckGate.advance(Watermarks), in LSN order
 *
 *  Export.read ---> GroupStore.read ---> Reply.done
 *                     ^      |
 *                     |      '-(a record of the log is lost)-> LostReads
 *                     '-- GroupVolumes.readAgain, when it has come from the other site
 * </pre>
 *
 * <p>Everything here is owned by one thread, that of the group's store.
 */
package dev.farshore.appliance.volume;
