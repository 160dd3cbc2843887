// The check in the browser: camera → frames → what to do next. No library, no request to anyone but this server.

const LONGEST_SIDE = 640;
const QUALITY = 0.85;
const HALF_FRAME_MS = 17; // of a camera with 30 frames a second: waiting a little less never misses the next one
const LOST_FRAMES = 5; // answers that may fail to come, one after the other, before it is called a lost connection
const PAUSE_MS = 500; // before a frame is tried again

const CAMERA_TROUBLE = {
  NotAllowedError: "The camera may not be used. Allow it in the browser's address bar, then try again.",
  NotFoundError: "No camera was found. Plug one in, then try again.",
  NotReadableError: "The camera is in use by another program. Close that program, then try again.",
  InsecureContext: "Browsers give the camera only to pages with https, or to localhost. Open this page that way.",
  ended: "The camera was disconnected.",
};
const TROUBLE = {
  timeout: "The time for that step was over.",
  other_side: "That was the other side.",
  wrong_action: "You did something else first. Keep your face relaxed and do only what is asked.",
  too_early: "That came before it was asked for.",
  face_lost: "Your face was out of the picture.",
  no_neutral_face: "Your face was never still and straight for long enough.",
  tracking_jump: "The picture jumped.",
  frozen_frames: "The camera's picture stood still.",
  repeated_frames: "The camera sent the same pictures again and again.",
  not_finished: "The check ended before everything was done.",
  internal: "Something went wrong on the server.",
  session_expired: "The time for this check was over.",
  second_face: "Someone else was in the picture.",
  no_neutral_frame: "There was no good picture of your face. More light may help.",
  no_reliable_challenge: "The camera's picture was not clear enough. More light may help.",
  connection: "The server cannot be reached. Check the connection, then try again.",
};

const at = (id) => document.getElementById(id);
const video = at("video");
const canvas = document.createElement("canvas");
let running = null; // the AbortController of the check that runs

class Trouble extends Error {}

async function ask(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  return { status: response.status, ...(await response.json()) };
}

async function openCamera(signal) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Trouble(CAMERA_TROUBLE.InsecureContext);
  try {
    const wanted = { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    await video.play();
  } catch (error) {
    throw new Trouble(CAMERA_TROUBLE[error.name] ?? `The camera cannot be used (${error.name}).`);
  }
  const unplugged = () => running?.abort(new Trouble(CAMERA_TROUBLE.ended));
  video.srcObject.getVideoTracks()[0].addEventListener("ended", unplugged);
}

function closeCamera() {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
}

// The next picture that the camera makes: never the same one twice.
function nextFrame(signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
    video.requestVideoFrameCallback(() => { signal.removeEventListener("abort", stop); resolve(); });
  });
}

function snapshot() {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height); // unmirrored: left stays left
  return canvas.toDataURL("image/jpeg", QUALITY);
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function check(wishes, signal) {
  await openCamera(signal);
  const session = await ask("/start", { accessibility: wishes }, signal);
  if (!session.success) throw new Trouble(session.error);
  const { session_id } = session;
  show("check");
  tell(session);
  for (let lost = 0; ; ) {
    await nextFrame(signal);
    const sent = performance.now();
    let answer;
    try {
      answer = await ask("/process", { session_id, image: snapshot() }, signal);
      lost = answer.status < 500 ? 0 : lost + 1;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      lost += 1;
    }
    if (lost > LOST_FRAMES) throw new Trouble(TROUBLE.connection);
    if (!answer || answer.status >= 500) { await sleep(PAUSE_MS); continue; }
    if (answer.verification_complete || answer.verification_failed) break;
    if (!answer.success) throw new Trouble(TROUBLE[answer.code] ?? answer.error);
    tell(answer);
    await sleep(answer.next_frame_in_ms - HALF_FRAME_MS - (performance.now() - sent));
  }
  closeCamera();
  return ask("/complete", { session_id }, signal);
}

function write(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text; // screen readers read every change
}

function show(id) {
  for (const section of ["intro", "check", "result"]) at(section).hidden = section !== id;
}

function tell(step) {
  write("instruction", step.instruction);
  const again = step.failure_code ? `${TROUBLE[step.failure_code] ?? ""} Once more.` : "";
  write("hint", step.feedback?.message ?? again);
  write("left", step.time_left_s ? `${Math.ceil(step.time_left_s)} s left` : "");
  at("ring").setAttribute("stroke-dasharray", `${Math.round((step.step_progress ?? 0) * 100)} 100`);
  const dots = Array.from({ length: step.total_steps }, () => document.createElement("li"));
  dots.slice(0, step.current_step).forEach((dot) => { dot.className = "done"; });
  dots[step.current_step - 1].className = "now";
  at("dots").replaceChildren(...dots);
}

// The token's claims, to look at. Whoever relies on them verifies the signature, on a server.
function claims(token) {
  const base64 = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
  return JSON.parse(new TextDecoder().decode(bytes(base64)));
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function finish(live, title, reason, answer) {
  at("result").className = live ? "live" : "failed";
  write("mark", live ? "✓" : "!");
  write("title", title);
  write("reason", reason);
  write("again", live ? "Start over" : "Try again");
  at("picture").hidden = !answer?.verified_image;
  if (answer?.verified_image) {
    URL.revokeObjectURL(at("picture").src);
    at("picture").src = URL.createObjectURL(new Blob([bytes(answer.verified_image)], { type: "image/jpeg" }));
  }
  at("proof").hidden = !answer?.token;
  if (answer?.token) {
    const { verdict, assurance, exp } = claims(answer.token);
    const facts = {
      Verdict: verdict,
      Reasons: answer.decision.reasons.join(", "),
      Took: `${answer.verification_time} s`,
      Challenges: `${assurance.challenge}, ${assurance.entropy_bits} bits`,
      Policy: answer.decision.policy_id,
      "Token good until": new Date(exp * 1000).toLocaleTimeString(),
    };
    at("facts").replaceChildren(...Object.entries(facts).flatMap(([name, value]) => {
      const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
      dt.textContent = name;
      dd.textContent = value;
      return [dt, dd];
    }));
  }
  show("result");
  at("title").focus();
}

async function run(event) {
  event.preventDefault();
  if (running) return;
  running = new AbortController();
  const button = at("wishes").querySelector("button");
  button.disabled = true;
  const wishes = Object.fromEntries([...new FormData(at("wishes")).keys()].map((name) => [name, true]));
  try {
    const answer = await check(wishes, running.signal);
    if (answer.success) finish(true, "Liveness confirmed", "The check succeeded.", answer);
    else {
      const reason = TROUBLE[answer.failure_code ?? answer.code] ?? answer.error ?? "The check did not succeed.";
      finish(false, "Not verified", reason, answer);
    }
  } catch (error) {
    if (error.name === "AbortError") show("intro"); // stopped by the person
    else finish(false, "That did not work", error instanceof Trouble ? error.message : TROUBLE.connection);
    if (!(error instanceof Trouble) && error.name !== "AbortError") console.error(error);
  } finally {
    closeCamera();
    button.disabled = false;
    running = null;
  }
}

at("wishes").addEventListener("submit", run);
at("cancel").addEventListener("click", () => running?.abort());
at("again").addEventListener("click", () => show("intro"));
