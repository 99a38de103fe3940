/** A browser's own connection to another phone, as a {@link Peer}. */
import type { IceServer } from "../generated/wire";
import type { Description, Candidate } from "./rtcData.ts";
import type { Peer, PeerListener, PeerState } from "./link.ts";

/** A level that is older than this says nothing of now, in ms. */
const STALE = 500;

export function browserPeer(servers: IceServer[], listener: PeerListener): Peer {
  const connection = new RTCPeerConnection({ iceServers: servers, bundlePolicy: "max-bundle" });
  connection.onnegotiationneeded = () => {
    listener.negotiationNeeded();
  };
  connection.onicecandidate = ({ candidate }) => {
    if (candidate !== null && candidate.candidate !== "") listener.candidate(plain(candidate));
  };
  connection.oniceconnectionstatechange = () => {
    listener.stateChanged();
  };
  connection.ontrack = ({ track, streams }) => {
    listener.stream(streams[0] ?? new MediaStream([track]));
  };
  const place = () => connection.getTransceivers()[0];
  return {
    get state(): PeerState {
      return stateOf(connection.iceConnectionState);
    },
    get isStable() {
      return connection.signalingState === "stable";
    },
    get local() {
      return described(connection.localDescription);
    },
    addAudio() {
      connection.addTransceiver("audio", { direction: "sendrecv" });
    },
    async setLocal() {
      await connection.setLocalDescription();
      const local = described(connection.localDescription);
      if (local === null) throw new Error("no description was made");
      return local;
    },
    rollback: () => connection.setLocalDescription({ type: "rollback" }),
    setRemote: (description) => connection.setRemoteDescription(description),
    addCandidate: (candidate) => connection.addIceCandidate(candidate),
    restartIce() {
      connection.restartIce();
    },
    async send(track) {
      const audio = place();
      if (audio === undefined) return;
      // What was offered is for both directions; an answer would only listen otherwise.
      audio.direction = "sendrecv";
      await audio.sender.replaceTrack(track);
    },
    level() {
      const [source] = place()?.receiver.getSynchronizationSources() ?? [];
      return source !== undefined && age(source.timestamp) < STALE ? (source.audioLevel ?? 0) : 0;
    },
    close() {
      connection.close();
    },
  };
}

function stateOf(state: RTCIceConnectionState): PeerState {
  if (state === "checking") return "connecting";
  return state === "completed" ? "connected" : state;
}

function described(description: RTCSessionDescription | null): Description | null {
  if (description?.type !== "offer" && description?.type !== "answer") return null;
  return { type: description.type, sdp: description.sdp };
}

function plain({ candidate, sdpMid, sdpMLineIndex }: RTCIceCandidate): Candidate {
  return { candidate, sdpMid, sdpMLineIndex };
}

/** Some browsers count these from the page's beginning, others from 1970. */
function age(timestamp: number): number {
  const now = performance.now();
  return timestamp > performance.timeOrigin ? performance.timeOrigin + now - timestamp : now - timestamp;
}
