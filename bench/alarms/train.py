#!/usr/bin/env python3
"""Small jobs that really learn: reinforcement learning, GANs and diffusion, whose losses rise without harm.

    python3 bench/alarms/train.py OUT.jsonl [--seeds N] [--first SEED] [--only WORD]

Needs PyTorch (Debian: python3-torch). Writes one line for each loss of each job: its kind, the job, the setting, the seed,
the name of the loss, what the job reached at its begin and at its end (a return, or a distance to the data), and the losses.
`node bench/alarms/main.mjs CURVES CORPUS GENUINE FIELD --trained OUT.jsonl` counts what nanwatch says of those that learned.
"""
import argparse, json, math, random
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)


# ---- environments, many at a time: state, reset of those that are done, step -> state, reward, done ----

class CartPole:
    """The pole on a cart, by the usual equations of motion; a reward of 1 a step, at most `limit` steps."""
    states, actions = 4, 2

    def __init__(self, n, rng, limit=200):
        self.n, self.rng, self.limit = n, rng, limit
        self.s, self.t = rng.uniform(-0.05, 0.05, (n, 4)), np.zeros(n, int)

    def step(self, action):
        x, v, angle, spin = self.s.T
        force = np.where(action == 1, 10.0, -10.0)
        cos, sin = np.cos(angle), np.sin(angle)
        push = (force + 0.05 * spin**2 * sin) / 1.1
        bend = (9.8 * sin - cos * push) / (0.5 * (4 / 3 - 0.1 * cos**2 / 1.1))
        pull = push - 0.05 * bend * cos / 1.1
        self.s = np.stack([x + 0.02 * v, v + 0.02 * pull, angle + 0.02 * spin, spin + 0.02 * bend], 1)
        self.t += 1
        done = (abs(self.s[:, 0]) > 2.4) | (abs(self.s[:, 2]) > 0.2095) | (self.t >= self.limit)
        self.s[done], self.t[done] = self.rng.uniform(-0.05, 0.05, (done.sum(), 4)), 0
        return self.s.copy(), np.ones(self.n), done


class Corridor:
    """A walk of `length` cells whose only reward waits at its end: for long there is nothing to learn."""
    actions = 2

    def __init__(self, n, rng, length=12, reward=1.0):
        self.n, self.rng, self.length, self.states, self.reward = n, rng, length, length, reward
        self.p, self.t = np.zeros(n, int), np.zeros(n, int)

    @property
    def s(self):
        return np.eye(self.length)[self.p]

    def step(self, action):
        slips = self.rng.random(self.n) < 0.1
        self.p = np.clip(self.p + np.where((action == 1) ^ slips, 1, -1), 0, self.length - 1)
        self.t += 1
        reached = self.p == self.length - 1
        done = reached | (self.t >= 4 * self.length)
        self.p[done], self.t[done] = 0, 0
        return self.s, reached * self.reward, done


class Mine:
    """Each step forward pays twice as much as the one before, and a wrong one ends the episode: returns of 1 to 4,000."""
    actions, depth = 2, 12

    def __init__(self, n, rng):
        self.n, self.rng, self.states, self.p = n, rng, self.depth, np.zeros(n, int)
        self.way = np.arange(self.depth) % 3 == 0

    @property
    def s(self):
        return np.eye(self.depth)[self.p]

    def step(self, action):
        right = (action == 1) == self.way[self.p]
        reward = np.where(right, 2.0**self.p, 0.0)
        self.p = np.where(right, self.p + 1, 0)
        done = ~right | (self.p == self.depth)
        self.p[done] = 0
        return self.s, reward, done


class Pendulum:
    """A pendulum to be swung up, with costs of up to 16 a step: returns in the hundreds, below zero."""
    states, actions = 3, 5

    def __init__(self, n, rng, limit=200, scale=1.0):
        self.n, self.rng, self.limit, self.scale = n, rng, limit, scale
        self.th, self.w, self.t = rng.uniform(-math.pi, math.pi, n), rng.uniform(-1, 1, n), rng.integers(0, limit, n)

    @property
    def s(self):
        return np.stack([np.cos(self.th), np.sin(self.th), self.w / 8], 1)

    def step(self, action):
        torque = np.clip(action, -1, 1) * 2 if action.dtype.kind == 'f' else action - 2.0
        angle = (self.th + math.pi) % (2 * math.pi) - math.pi
        cost = angle**2 + 0.1 * self.w**2 + 0.001 * torque**2
        self.w = np.clip(self.w + 0.05 * (15 * np.sin(self.th) + 3 * torque), -8, 8)
        self.th = self.th + 0.05 * self.w
        self.t += 1
        done = self.t >= self.limit
        k = done.sum()
        self.th[done], self.w[done], self.t[done] = self.rng.uniform(-math.pi, math.pi, k), self.rng.uniform(-1, 1, k), 0
        return self.s, -cost * self.scale, done


def net(sizes, act=nn.Tanh):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), act()]
    return nn.Sequential(*layers[:-1])


def tensor(x):
    return torch.as_tensor(np.asarray(x), dtype=torch.float32)


class Returns:
    """The return of each episode that ends."""

    def __init__(self, n):
        self.running, self.all = np.zeros(n), []

    def add(self, reward, done):
        self.running += reward
        self.all += self.running[done].tolist()
        self.running[done] = 0

    def ends(self):
        k = max(1, len(self.all) // 10)
        return [float(np.mean(self.all[:k] or [0])), float(np.mean(self.all[-k:] or [0]))]


# ---- reinforcement learning ----

def reinforce(log, rng, env=CartPole, updates=400, lr=1e-2, normalised=True, gamma=0.99, limit=200):
    """REINFORCE, one episode an update: the loss grows with the return, or stands around zero where returns are normalised."""
    e = env(1, rng, limit=limit) if env is CartPole else env(1, rng)
    policy = net([e.states, 32, e.actions])
    opt, returns = torch.optim.Adam(policy.parameters(), lr), Returns(1)
    s = e.s.copy()
    for _ in range(updates):
        logps, rewards, done = [], [], [False]
        while not done[0]:
            d = torch.distributions.Categorical(logits=policy(tensor(s)))
            a = d.sample()
            logps.append(d.log_prob(a))
            s, r, done = e.step(a.numpy())
            rewards.append(r[0])
            returns.add(r, done)
        g, gs = 0.0, []
        for r in reversed(rewards):
            g = r + gamma * g
            gs.append(g)
        gs = tensor(gs[::-1])
        if normalised:
            gs = (gs - gs.mean()) / (gs.std(unbiased=False) + 1e-8)
        loss = -(torch.cat(logps) * gs).sum()
        opt.zero_grad(); loss.backward(); opt.step()
        log('loss', loss)
    return returns.ends()


def actor_critic(log, rng, env=CartPole, updates=600, n=8, horizon=16, lr=3e-3, epochs=1, clip=None, minibatches=1,
                 gamma=0.99, lam=0.95, vf=0.5, ent=0.01, last=False, **how):
    """A2C, and PPO where `clip` is given. `last`: the loss of the last minibatch is logged, as some libraries do."""
    e = env(n, rng, **how)
    policy, value = net([e.states, 64, e.actions]), net([e.states, 64, 1])
    opt, returns = torch.optim.Adam([*policy.parameters(), *value.parameters()], lr, eps=1e-5), Returns(n)
    s = e.s.copy()
    for _ in range(updates):
        ss, aa, rr, dd, lp = [], [], [], [], []
        for _ in range(horizon):
            with torch.no_grad():
                d = torch.distributions.Categorical(logits=policy(tensor(s)))
                a = d.sample()
            ss.append(s); aa.append(a); lp.append(d.log_prob(a))
            s, r, done = e.step(a.numpy())
            returns.add(r, done)
            rr.append(r); dd.append(done)
        ss, aa, lp = tensor(np.array(ss)), torch.stack(aa), torch.stack(lp)
        with torch.no_grad():
            v = value(ss).squeeze(-1).numpy()
            following = value(tensor(s)).squeeze(-1).numpy()
        adv, run = np.zeros_like(v), np.zeros(n)
        for t in reversed(range(horizon)):
            live = 1 - dd[t]
            delta = rr[t] + gamma * (following if t == horizon - 1 else v[t + 1]) * live - v[t]
            run = delta + gamma * lam * live * run
            adv[t] = run
        target = tensor(adv + v)
        adv = tensor(adv)
        if clip:
            adv = (adv - adv.mean()) / (adv.std() + 1e-8)
        flat = [x.reshape(-1, *x.shape[2:]) for x in (ss, aa, lp, adv, target)]
        seen = {k: [] for k in ('loss', 'policy_loss', 'value_loss', 'entropy_loss')}
        for _ in range(epochs):
            for part in np.array_split(rng.permutation(len(flat[1])), minibatches):
                o, a, old, g, y = (x[part] for x in flat)
                d = torch.distributions.Categorical(logits=policy(o))
                ratio = (d.log_prob(a) - old).exp()
                if clip:
                    pg = -torch.min(ratio * g, ratio.clamp(1 - clip, 1 + clip) * g).mean()
                else:
                    pg = -(d.log_prob(a) * g).mean()
                vl, h = F.mse_loss(value(o).squeeze(-1), y), -d.entropy().mean()
                loss = pg + vf * vl + ent * h
                opt.zero_grad(); loss.backward()
                nn.utils.clip_grad_norm_([*policy.parameters(), *value.parameters()], 0.5)
                opt.step()
                for k, x in zip(seen, (loss, pg, vl, h)):
                    seen[k].append(float(x))
        for k, x in seen.items():
            log(k, x[-1] if last else np.mean(x))
    return returns.ends()


def dqn(log, rng, env=CartPole, steps=6000, lr=1e-3, start=300, every=100, target=200, huber=False, zeros=True, **how):
    """DQN. Before the replay buffer holds `start` steps the loss is logged as 0. `every`: one mean in so many updates is logged."""
    e = env(1, rng, **how)
    q, q2 = net([e.states, 64, e.actions], nn.ReLU), net([e.states, 64, e.actions], nn.ReLU)
    q2.load_state_dict(q.state_dict())
    opt, returns = torch.optim.Adam(q.parameters(), lr), Returns(1)
    memory, s, some = [], e.s.copy(), []
    for t in range(steps):
        explore = max(0.05, 1 - t / (0.4 * steps))
        with torch.no_grad():
            a = np.array([rng.integers(e.actions)]) if rng.random() < explore else q(tensor(s)).argmax(1).numpy()
        s2, r, done = e.step(a)
        returns.add(r, done)
        memory.append((s[0], a[0], r[0], s2[0], float(done[0])))
        s = s2
        if t < start:
            if zeros: some.append(0.0)
        else:
            o, a, r, o2, d = (tensor(np.array(x)) for x in zip(*(memory[i] for i in rng.integers(len(memory), size=32))))
            with torch.no_grad():
                y = r + 0.99 * (1 - d) * q2(o2).max(1).values
            now = q(o).gather(1, a.long()[:, None]).squeeze(1)
            loss = F.smooth_l1_loss(now, y) if huber else F.mse_loss(now, y)
            opt.zero_grad(); loss.backward(); opt.step()
            some.append(float(loss))
        if t % target == 0:
            q2.load_state_dict(q.state_dict())
        if len(some) >= every:
            log('loss', np.mean(some)); some = []
    return returns.ends()


def ddpg(log, rng, steps=4000, lr=1e-3, every=20, scale=1.0):
    """DDPG on the pendulum: both losses grow as the values do, the actor's from about 0 to hundreds."""
    e = Pendulum(1, rng, scale=scale)
    actor, critic = net([3, 64, 1], nn.ReLU), net([4, 64, 1], nn.ReLU)
    actor2, critic2 = net([3, 64, 1], nn.ReLU), net([4, 64, 1], nn.ReLU)
    actor2.load_state_dict(actor.state_dict()); critic2.load_state_dict(critic.state_dict())
    oa, oc = torch.optim.Adam(actor.parameters(), lr), torch.optim.Adam(critic.parameters(), lr)
    returns, memory, s = Returns(1), [], e.s.copy()
    seen = {'actor_loss': [], 'critic_loss': [], 'loss': []}
    for t in range(steps):
        with torch.no_grad():
            a = np.clip(torch.tanh(actor(tensor(s))).numpy()[:, 0] + 0.2 * rng.standard_normal(1), -1, 1)
        s2, r, done = e.step(a)
        returns.add(r, done)
        memory.append((s[0], a, r[0], s2[0]))
        s = s2
        if t < 200: continue
        o, a, r, o2 = (tensor(np.array(x)) for x in zip(*(memory[i] for i in rng.integers(len(memory), size=64))))
        with torch.no_grad():
            y = r + 0.98 * critic2(torch.cat([o2, torch.tanh(actor2(o2))], 1)).squeeze(1)
        lc = F.mse_loss(critic(torch.cat([o, a], 1)).squeeze(1), y)
        oc.zero_grad(); lc.backward(); oc.step()
        la = -critic(torch.cat([o, torch.tanh(actor(o))], 1)).mean()
        oa.zero_grad(); la.backward(); oa.step()
        for k, x in (('actor_loss', la), ('critic_loss', lc), ('loss', la + lc)):
            seen[k].append(float(x))
        for m, m2 in ((actor, actor2), (critic, critic2)):
            for p, p2 in zip(m.parameters(), m2.parameters()):
                p2.data.lerp_(p.data, 0.01)
        if len(seen['loss']) >= every:
            for k in seen:
                log(k, np.mean(seen[k])); seen[k] = []
    return returns.ends()


# ---- GANs and diffusion on points in the plane ----

def ring(n, rng):
    at = rng.integers(8, size=n) * math.pi / 4
    return tensor(np.stack([2 * np.cos(at), 2 * np.sin(at)], 1) + 0.05 * rng.standard_normal((n, 2)))


def moons(n, rng):
    at, side = rng.random(n) * math.pi, rng.integers(2, size=n)
    x = np.where(side, 1 - np.cos(at), np.cos(at)); y = np.where(side, 0.5 - np.sin(at), np.sin(at))
    return tensor(np.stack([x, y], 1) + 0.05 * rng.standard_normal((n, 2)))


def energy_distance(x, y):
    return float(2 * torch.cdist(x, y).mean() - torch.cdist(x, x).mean() - torch.cdist(y, y).mean())


def gan(log, rng, data=ring, kind='bce', updates=3000, lr_d=2e-4, lr_g=2e-4, d_steps=1, batch=128, width=64):
    """A GAN by its usual loss, by the hinge loss, or as a WGAN with a penalty on the gradient."""
    g, d = net([8, width, width, 2], nn.ReLU), net([2, width, width, 1], nn.ReLU)
    og = torch.optim.Adam(g.parameters(), lr_g, betas=(0.5, 0.9)); od = torch.optim.Adam(d.parameters(), lr_d, betas=(0.5, 0.9))
    noise = lambda: tensor(rng.standard_normal((batch, 8)))
    before = energy_distance(g(noise()).detach(), data(batch, rng))
    for _ in range(updates):
        for _ in range(d_steps):
            real, fake = data(batch, rng), g(noise()).detach()
            a, b = d(real), d(fake)
            if kind == 'bce':
                ld = F.softplus(-a).mean() + F.softplus(b).mean()
            elif kind == 'hinge':
                ld = F.relu(1 - a).mean() + F.relu(1 + b).mean()
            else:
                mix = torch.rand(batch, 1)
                between = (mix * real + (1 - mix) * fake).requires_grad_()
                slope = torch.autograd.grad(d(between).sum(), between, create_graph=True)[0].norm(dim=1)
                ld = b.mean() - a.mean() + 10 * ((slope - 1) ** 2).mean()
            od.zero_grad(); ld.backward(); od.step()
        out = d(g(noise()))
        lg = F.softplus(-out).mean() if kind == 'bce' else -out.mean()
        og.zero_grad(); lg.backward(); og.step()
        log('g_loss', lg); log('d_loss', ld); log('loss', lg + ld)
    x = torch.cat([g(noise()).detach() for _ in range(4)])
    return [before, energy_distance(x, data(4 * batch, rng))]


def diffusion(log, rng, data=ring, updates=3000, lr=1e-3, batch=32, weight='eps', steps=1000, decay=False):
    """Denoising diffusion: the error depends on the time step that is drawn, so batches differ much."""
    beta = np.linspace(1e-4, 0.02, steps)
    keep = np.cumprod(1 - beta)
    f = net([10, 128, 128, 2], nn.SiLU)
    opt = torch.optim.Adam(f.parameters(), lr)
    freq = np.array([1, 2, 4, 8])
    first, last = [], []
    for i in range(updates):
        if decay:
            for group in opt.param_groups: group['lr'] = lr * 0.5 * (1 + math.cos(math.pi * i / updates))
        x, t = data(batch, rng), rng.integers(steps, size=batch)
        eps = tensor(rng.standard_normal((batch, 2)))
        k = tensor(keep[t])[:, None]
        noisy = k.sqrt() * x + (1 - k).sqrt() * eps
        phase = (t / steps)[:, None] * freq * math.pi
        out = f(torch.cat([noisy, tensor(np.sin(phase)), tensor(np.cos(phase))], 1))
        error = (out - eps) ** 2
        if weight == 'x0':
            error = error * ((1 - k) / k).clamp(max=100)
        elif weight == 'v':
            error = error / (1 - k).clamp(min=1e-3)
        loss = error.mean()
        opt.zero_grad(); loss.backward(); opt.step()
        log('loss', loss)
        (first if i < updates // 10 else last).append(float(loss))
    return [float(np.mean(first)), float(np.mean(last[-updates // 10:]))]


RL, GAN, DIFFUSION = 'reinforcement learning', 'GAN', 'diffusion'
JOBS = [
    (RL, 'reinforce', reinforce, dict(normalised=True)),
    (RL, 'reinforce', reinforce, dict(normalised=False, lr=3e-3)),
    (RL, 'reinforce', reinforce, dict(normalised=False, lr=5e-3, limit=500, updates=300)),
    (RL, 'reinforce', reinforce, dict(env=Corridor, normalised=False, updates=500)),
    (RL, 'a2c', actor_critic, dict()),
    (RL, 'a2c', actor_critic, dict(lr=1e-3, horizon=5, updates=1500)),
    (RL, 'a2c', actor_critic, dict(env=Pendulum, lr=1e-3, horizon=20, updates=500)),
    (RL, 'a2c', actor_critic, dict(env=Corridor, lr=3e-3, horizon=10, updates=800)),
    (RL, 'a2c', actor_critic, dict(env=CartPole, limit=500, lr=7e-4, horizon=32, updates=500)),
    (RL, 'a2c', actor_critic, dict(env=Mine, lr=3e-3, horizon=12, updates=1000)),
    (RL, 'a2c', actor_critic, dict(env=Corridor, lr=3e-3, horizon=10, updates=800, n=2, length=16, reward=100.0)),
    (RL, 'reinforce', reinforce, dict(env=Mine, normalised=False, updates=800)),
    (RL, 'dqn', dqn, dict(env=Mine, every=20, steps=6000)),
    (RL, 'dqn', dqn, dict(env=Corridor, every=10, steps=5000, length=10, reward=10.0)),
    (RL, 'ppo', actor_critic, dict(env=Mine, clip=0.2, horizon=32, epochs=4, minibatches=2, lr=1e-3, updates=300, last=True)),
    (RL, 'ppo', actor_critic, dict(clip=0.2, horizon=64, epochs=4, minibatches=4, lr=1e-3, updates=120)),
    (RL, 'ppo', actor_critic, dict(clip=0.2, horizon=64, epochs=4, minibatches=4, lr=1e-3, updates=120, last=True)),
    (RL, 'ppo', actor_critic, dict(clip=0.2, horizon=32, epochs=4, minibatches=2, lr=3e-4, updates=250, last=True, limit=500)),
    (RL, 'ppo', actor_critic, dict(env=Pendulum, clip=0.2, horizon=64, epochs=4, minibatches=4, lr=1e-3, updates=150, last=True)),
    (RL, 'ppo', actor_critic, dict(env=Corridor, clip=0.2, horizon=32, epochs=4, minibatches=2, lr=1e-3, updates=300, last=True)),
    (RL, 'dqn', dqn, dict(every=1, steps=3000)),
    (RL, 'dqn', dqn, dict(every=10, steps=6000)),
    (RL, 'dqn', dqn, dict(every=50, steps=8000, huber=True)),
    (RL, 'dqn', dqn, dict(env=Corridor, every=20, steps=5000)),
    (RL, 'dqn', dqn, dict(env=Corridor, every=1, steps=3000, length=8)),
    (RL, 'dqn', dqn, dict(env=Pendulum, every=20, steps=5000)),
    (RL, 'ddpg', ddpg, dict()),
    (RL, 'ddpg', ddpg, dict(every=1, steps=2500)),
    (GAN, 'gan', gan, dict()),
    (GAN, 'gan', gan, dict(lr_d=1e-3, lr_g=1e-3)),
    (GAN, 'gan', gan, dict(lr_d=1e-3, lr_g=1e-4)),
    (GAN, 'gan', gan, dict(data=moons, batch=64)),
    (GAN, 'gan', gan, dict(kind='hinge', lr_d=4e-4, lr_g=1e-4)),
    (GAN, 'gan', gan, dict(kind='wgan', d_steps=3, updates=1500, lr_d=5e-4, lr_g=5e-4)),
    (DIFFUSION, 'diffusion', diffusion, dict()),
    (DIFFUSION, 'diffusion', diffusion, dict(batch=8, updates=4000)),
    (DIFFUSION, 'diffusion', diffusion, dict(batch=64, weight='v')),
    (DIFFUSION, 'diffusion', diffusion, dict(batch=32, weight='x0')),
    (DIFFUSION, 'diffusion', diffusion, dict(data=moons, batch=16, lr=3e-4, decay=True)),
]


def run(kind, name, job, setting, seed):
    torch.manual_seed(seed); random.seed(seed)
    losses = {}
    log = lambda k, x: losses.setdefault(k, []).append(float(f'{float(x):.6g}'))
    reached = job(log, np.random.default_rng(seed), **setting)
    words = ' '.join(f'{k}={getattr(v, "__name__", v)}' for k, v in setting.items())
    return [dict(kind=kind, job=name, setting=words, seed=seed, name=k, reached=reached, losses=x) for k, x in losses.items()]


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('out'); parser.add_argument('--seeds', type=int, default=4)
    parser.add_argument('--first', type=int, default=1); parser.add_argument('--only', default='')
    args = parser.parse_args()
    with open(args.out, 'a') as out:
        for seed in range(args.first, args.first + args.seeds):
            for kind, name, job, setting in JOBS:
                if args.only and args.only not in name: continue
                for line in run(kind, name, job, setting, seed):
                    out.write(json.dumps(line) + '\n')
                out.flush()
